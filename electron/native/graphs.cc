// Graphs under construction.
#include "functions.h"

namespace {

// The library needs names; nobody else does.
std::string nextName(const Graph& graph) { return "v" + std::to_string(graph.values.size()); }

napi_value addValue(Call& call, Graph& graph, TF_Output output) {
  graph.values.push_back(output);
  Status status;
  const int rank = tf.TF_GraphGetTensorNumDims(graph.graph, output, status);
  status.check("The shape of a value");
  // What the library cannot tell before the run has the length -1.
  std::vector<int64_t> shape(rank < 0 ? 0 : static_cast<size_t>(rank));
  if (rank > 0) tf.TF_GraphGetTensorShape(graph.graph, output, shape.data(), rank, status);
  status.check("The shape of a value");
  const int64_t id = static_cast<int64_t>(graph.values.size());
  return call.value(id, tf.TF_OperationOutputType(output), shape);
}

TF_Operation* finish(TF_OperationDescription* description, const char* name) {
  Status status;
  TF_Operation* operation = tf.TF_FinishOperation(description, status);
  status.check(name);
  return operation;
}

}  // namespace

napi_value newGraph(Call& call) {
  const int64_t id = ++call.environment.lastId;
  call.environment.graphs.emplace(id, std::make_unique<Graph>());
  return call.number(static_cast<double>(id));
}

napi_value placeholder(Call& call) {
  Graph& graph = call.environment.graph(call.integer(0));
  const int type = call.type(1);
  const std::vector<int64_t> shape = call.shape(2);
  TF_OperationDescription* description =
      tf.TF_NewOperation(graph.graph, "Placeholder", nextName(graph).c_str());
  tf.TF_SetAttrType(description, "dtype", type);
  tf.TF_SetAttrShape(description, "shape", shape.data(), static_cast<int>(shape.size()));
  return addValue(call, graph, {finish(description, "Placeholder"), 0});
}

napi_value constant(Call& call) {
  Graph& graph = call.environment.graph(call.integer(0));
  const int type = call.type(1);
  TF_Tensor* tensor = tensorOf(type, call.shape(2), call.numbers(3));
  TF_OperationDescription* description = tf.TF_NewOperation(graph.graph, "Const", nextName(graph).c_str());
  tf.TF_SetAttrType(description, "dtype", type);
  Status status;
  tf.TF_SetAttrTensor(description, "value", tensor, status);
  tf.TF_DeleteTensor(tensor);
  return addValue(call, graph, {finish(description, "Const"), 0});
}

napi_value node(Call& call) {
  Graph& graph = call.environment.graph(call.integer(0));
  const std::string name = call.text(1);
  std::vector<TF_Output> inputs;
  for (const int64_t id : call.integers(2)) inputs.push_back(graph.value(id));
  const Attributes attributes = call.attributes(3);
  const int64_t outputs = call.integer(4);
  const ArgumentLengths lengths = call.environment.definitions.lengths(name, inputs.size());
  TF_OperationDescription* description = tf.TF_NewOperation(graph.graph, name.c_str(), nextName(graph).c_str());
  size_t next = 0;
  for (const int length : lengths) {
    if (length < 0) {
      tf.TF_AddInput(description, inputs[next++]);
    } else {
      tf.TF_AddInputList(description, inputs.data() + next, length);
      next += static_cast<size_t>(length);
    }
  }
  setAttributes(description, attributes);
  TF_Operation* operation = finish(description, name.c_str());
  if (outputs < 0 || outputs > tf.TF_OperationNumOutputs(operation)) {
    throw Fault(name + " has " + std::to_string(tf.TF_OperationNumOutputs(operation)) + " outputs, not " +
                std::to_string(outputs) + ".");
  }
  std::vector<napi_value> values;
  for (int i = 0; i < static_cast<int>(outputs); i++) values.push_back(addValue(call, graph, {operation, i}));
  return call.list(values);
}

napi_value dropGraph(Call& call) {
  const int64_t id = call.integer(0);
  call.environment.graph(id);
  call.environment.graphs.erase(id);
  return call.nothing();
}
