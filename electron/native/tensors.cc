// Tensors: upload, read, free, and operations run on them at once.
#include "context.h"
#include "functions.h"
#include "signals.h"

namespace {

struct Operation {
  TFE_Op* operation;
  ~Operation() { tf.TFE_DeleteOp(operation); }
};

struct OwnTensor {
  TF_Tensor* tensor;
  ~OwnTensor() { tf.TF_DeleteTensor(tensor); }
};

// Integers stay on the host: operations on a GPU take shapes and axes from there.
TFE_TensorHandle* toGpu(TFE_TensorHandle* handle, const char* gpu) {
  Status status;
  TFE_TensorHandle* there = tf.TFE_TensorHandleCopyToDevice(handle, context(), gpu, status);
  tf.TFE_DeleteTensorHandle(handle);
  status.check("Copying a tensor to the GPU");
  return there;
}

}  // namespace

napi_value valueOfHandle(Call& call, TFE_TensorHandle* handle) {
  const int64_t id = call.environment.add(handle);
  Status status;
  const int rank = tf.TFE_TensorHandleNumDims(handle, status);
  status.check("The shape of a tensor");
  std::vector<int64_t> shape(static_cast<size_t>(rank));
  for (int i = 0; i < rank; i++) shape[static_cast<size_t>(i)] = tf.TFE_TensorHandleDim(handle, i, status);
  status.check("The shape of a tensor");
  return call.value(id, tf.TFE_TensorHandleDataType(handle), shape);
}

napi_value upload(Call& call) {
  context();
  const int type = call.type(0);
  OwnTensor own{tensorOf(type, call.shape(1), call.numbers(2))};
  Status status;
  TFE_TensorHandle* handle = tf.TFE_NewTensorHandle(own.tensor, status);
  status.check("Making a tensor");
  const bool isFloat = type == TF_FLOAT || type == TF_DOUBLE;
  if (isFloat && firstGpu() != nullptr) handle = toGpu(handle, firstGpu());
  return valueOfHandle(call, handle);
}

napi_value readTensor(Call& call) {
  Tensor& tensor = call.environment.tensor(call.integer(0));
  const Numbers into = call.numbers(1);
  Status status;
  OwnTensor own{tf.TFE_TensorHandleResolve(tensor.handle, status)};
  status.check("Reading a tensor");
  const size_t count = static_cast<size_t>(tf.TF_TensorElementCount(own.tensor));
  if (into.length != count) {
    throw Fault("A tensor of " + std::to_string(count) + " values cannot be read into " + std::to_string(into.length) +
                ".");
  }
  copyOut(tf.TF_TensorType(own.tensor), tf.TF_TensorData(own.tensor), count, into, 0);
  return call.nothing();
}

napi_value freeTensor(Call& call) {
  const int64_t id = call.integer(0);
  call.environment.tensor(id);
  call.environment.tensors.erase(id);
  return call.nothing();
}

napi_value alive(Call& call) {
  const napi_value counts = call.object();
  call.set(counts, "tensors", call.number(static_cast<double>(call.environment.tensors.size())));
  call.set(counts, "programs", call.number(static_cast<double>(call.environment.programs.size())));
  return counts;
}

napi_value execute(Call& call) {
  const std::string name = call.text(0);
  std::vector<TFE_TensorHandle*> inputs;
  for (const int64_t id : call.integers(1)) inputs.push_back(call.environment.tensor(id).handle);
  const Attributes attributes = call.attributes(2);
  const int64_t outputs = call.integer(3);
  if (outputs < 0) throw Fault("An operation has no negative number of outputs.");
  Status status;
  Operation own{tf.TFE_NewOp(context(), name.c_str(), status)};
  status.check(name.c_str());
  setAttributes(own.operation, attributes);
  size_t next = 0;
  for (const int length : call.environment.definitions.lengths(name, inputs.size())) {
    if (length < 0) {
      tf.TFE_OpAddInput(own.operation, inputs[next++], status);
    } else {
      tf.TFE_OpAddInputList(own.operation, inputs.data() + next, length, status);
      next += static_cast<size_t>(length);
    }
    status.check(name.c_str());
  }
  int count = static_cast<int>(outputs);
  std::vector<TFE_TensorHandle*> results(static_cast<size_t>(count), nullptr);
  {
    const WithoutSignals quiet;
    tf.TFE_Execute(own.operation, results.data(), &count, status);
  }
  status.check(name.c_str());
  std::vector<napi_value> values;
  for (int i = 0; i < count; i++) values.push_back(valueOfHandle(call, results[static_cast<size_t>(i)]));
  return call.list(values);
}
