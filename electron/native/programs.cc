// Programs: compile, run, free.
#include "context.h"
#include "functions.h"
#include "program.h"

namespace {

struct Results {
  std::vector<TF_Tensor*> tensors;
  ~Results() {
    for (TF_Tensor* tensor : tensors) tf.TF_DeleteTensor(tensor);
  }
};

}  // namespace

napi_value compile(Call& call) {
  context();
  const int64_t graphId = call.integer(0);
  Graph& graph = call.environment.graph(graphId);
  auto program = compileProgram(graph, call.integers(1), call.integers(2), call.integers(3), call.flag(4));
  call.environment.graphs.erase(graphId);
  const int64_t id = ++call.environment.lastId;
  call.environment.programs.emplace(id, std::move(program));
  return call.number(static_cast<double>(id));
}

napi_value run(Call& call) {
  Program& program = call.environment.program(call.integer(0));
  const Numbers into = call.numbers(3);
  const Numbers flat = call.numbers(1);
  if (program.sideBySide) {
    runSideBySide(program, call.environment, flat, call.integers(2), into);
    return call.nothing();
  }
  const Results results{runProgram(program, call.environment, {&flat, {}, call.integers(2)}, false)};
  size_t size = 0;
  for (const TF_Tensor* tensor : results.tensors) size += static_cast<size_t>(tf.TF_TensorElementCount(tensor));
  if (size != into.length) {
    throw Fault("A program's results of " + std::to_string(size) + " values were to go into " +
                std::to_string(into.length) + ".");
  }
  size_t offset = 0;
  for (const TF_Tensor* tensor : results.tensors) {
    const size_t count = static_cast<size_t>(tf.TF_TensorElementCount(tensor));
    copyOut(tf.TF_TensorType(tensor), tf.TF_TensorData(tensor), count, into, offset);
    offset += count;
  }
  return call.nothing();
}

napi_value runKept(Call& call) {
  Program& program = call.environment.program(call.integer(0));
  const bool fromHost = !call.isNull(1);
  const Numbers flat = fromHost ? call.numbers(1) : Numbers{};
  Given given{fromHost ? &flat : nullptr, {}, call.integers(2)};
  if (!fromHost) given.free = call.integers(3);
  const Results results{runProgram(program, call.environment, given, true)};
  std::vector<napi_value> values;
  for (const TF_Tensor* tensor : results.tensors) {
    Status status;
    TFE_TensorHandle* handle = tf.TFE_NewTensorHandle(tensor, status);
    status.check("Keeping a result");
    values.push_back(valueOfHandle(call, handle));
  }
  return call.list(values);
}

napi_value freeProgram(Call& call) {
  const int64_t id = call.integer(0);
  call.environment.program(id);
  call.environment.programs.erase(id);
  return call.nothing();
}
