#include "environment.h"
#include "program.h"

Tensor::~Tensor() {
  if (resolved != nullptr) tf.TF_DeleteTensor(resolved);
  if (handle != nullptr) tf.TFE_DeleteTensorHandle(handle);
}

TF_Tensor* Tensor::resolve() {
  if (resolved == nullptr) {
    Status status;
    resolved = tf.TFE_TensorHandleResolve(handle, status);
    status.check("Reading a tensor");
  }
  return resolved;
}

TF_Output Graph::value(int64_t id) const {
  if (id < 1 || id > static_cast<int64_t>(values.size())) {
    throw Fault("The graph has no value " + std::to_string(id) + ".");
  }
  return values[static_cast<size_t>(id - 1)];
}

Environment::Environment() = default;
Environment::~Environment() = default;

namespace {

template <class Thing>
Thing& find(const std::unordered_map<int64_t, std::unique_ptr<Thing>>& things, int64_t id, const char* kind) {
  const auto entry = things.find(id);
  if (entry == things.end()) throw Fault("There is no " + std::string(kind) + " " + std::to_string(id) + ".");
  return *entry->second;
}

}  // namespace

Tensor& Environment::tensor(int64_t id) { return find(tensors, id, "tensor"); }
Graph& Environment::graph(int64_t id) { return find(graphs, id, "graph"); }
Program& Environment::program(int64_t id) { return find(programs, id, "program"); }

int64_t Environment::add(TFE_TensorHandle* handle) {
  auto tensor = std::make_unique<Tensor>();
  tensor->handle = handle;
  const int64_t id = ++lastId;
  tensors.emplace(id, std::move(tensor));
  return id;
}
