#include "program.h"
#include "context.h"
#include "signals.h"

Program::~Program() {
  if (session != nullptr) otherSessions.push_back(session);
  for (TF_Session* one : otherSessions) {
    Status status;
    tf.TF_CloseSession(one, status);
    tf.TF_DeleteSession(one, status);
  }
  if (graph != nullptr) tf.TF_DeleteGraph(graph);
  for (TF_Tensor* tensor : freeTensors) {
    if (tensor != nullptr) tf.TF_DeleteTensor(tensor);
  }
}

namespace {

std::vector<int64_t> fullShape(TF_Graph* graph, TF_Output output) {
  Status status;
  const int rank = tf.TF_GraphGetTensorNumDims(graph, output, status);
  status.check("A program's input");
  std::vector<int64_t> shape(rank < 0 ? 0 : static_cast<size_t>(rank));
  tf.TF_GraphGetTensorShape(graph, output, shape.data(), rank, status);
  status.check("A program's input");
  for (const int64_t length : shape) {
    if (length < 0) throw Fault("The shapes of a program's inputs must be known.");
  }
  return shape;
}

}  // namespace

TF_Tensor* emptyFreeTensor(const Program& program, size_t i) {
  const std::vector<int64_t>& shape = program.freeShapes[i];
  const int type = tf.TF_OperationOutputType(program.inputs[i]);
  TF_Tensor* tensor = tf.TF_AllocateTensor(type, shape.data(), static_cast<int>(shape.size()),
                                           sizeOfShape(shape) * bytesOfType(type));
  if (tensor == nullptr) throw Fault("There is no memory for the inputs of a program.");
  return tensor;
}

TF_Session* newSession(const Program& program, TF_Graph* graph) {
  const std::string config = programConfiguration(program.sideBySide ? 1 : engineThreads());
  TF_SessionOptions* options = tf.TF_NewSessionOptions();
  TF_Session* session = nullptr;
  Status status;
  tf.TF_SetConfig(options, config.data(), config.size(), status);
  const WithoutSignals quiet;
  if (status.ok()) {
    const SessionThreads threads(program.sideBySide);
    session = tf.TF_NewSession(graph, options, status);
  }
  tf.TF_DeleteSessionOptions(options);
  status.check("Starting a program");
  return session;
}

namespace {

void checkCounts(const Program& program, const Given& given) {
  const size_t fixed = program.inputs.size() - program.freeCount();
  const size_t expected = given.flat != nullptr ? program.freeSize : program.freeCount();
  const size_t found = given.flat != nullptr ? given.flat->length : given.free.size();
  if (found == expected && given.fixed.size() == fixed) return;
  throw Fault("The program takes " + std::to_string(expected) + " free " + (given.flat ? "values" : "tensors") +
              " and " + std::to_string(fixed) + " fixed tensors; " + std::to_string(found) + " and " +
              std::to_string(given.fixed.size()) + " were given.");
}

void cutFree(Program& program, const Numbers& flat) {
  size_t offset = 0;
  for (size_t i = 0; i < program.freeCount(); i++) {
    const size_t size = sizeOfShape(program.freeShapes[i]);
    TF_Tensor*& tensor = program.freeTensors[i];
    if (tensor == nullptr) tensor = emptyFreeTensor(program, i);
    copyIn(flat, offset, size, tf.TF_TensorType(tensor), tf.TF_TensorData(tensor));
    offset += size;
  }
}

// The library writes into no input, because the program holds it as well; but a kept result can be an input under
// another shape, and the next run would write into it. Such memory goes with the result.
void partFrom(Program& program, const std::vector<TF_Tensor*>& results) {
  for (TF_Tensor*& tensor : program.freeTensors) {
    for (const TF_Tensor* result : results) {
      if (tensor == nullptr || tf.TF_TensorData(result) != tf.TF_TensorData(tensor)) continue;
      tf.TF_DeleteTensor(tensor);
      tensor = nullptr;
    }
  }
}

}  // namespace

std::unique_ptr<Program> compileProgram(Graph& graph, const std::vector<int64_t>& free,
                                        const std::vector<int64_t>& fixed, const std::vector<int64_t>& results,
                                        bool sideBySide) {
  auto program = std::make_unique<Program>();
  program->sideBySide = sideBySide;
  for (const int64_t id : free) {
    const TF_Output input = graph.value(id);
    const std::vector<int64_t> shape = fullShape(graph.graph, input);
    program->inputs.push_back(input);
    program->freeShapes.push_back(shape);
    program->freeSize += sizeOfShape(shape);
    program->freeTensors.push_back(nullptr);
  }
  for (const int64_t id : fixed) program->inputs.push_back(graph.value(id));
  for (const int64_t id : results) program->results.push_back(graph.value(id));
  program->session = newSession(*program, graph.graph);
  program->graph = graph.graph;
  graph.graph = nullptr;
  return program;
}

std::vector<TF_Tensor*> runProgram(Program& program, Environment& environment, const Given& given, bool kept) {
  checkCounts(program, given);
  std::vector<TF_Tensor*> feeds;
  feeds.reserve(program.inputs.size());
  if (given.flat != nullptr) {
    cutFree(program, *given.flat);
    feeds = program.freeTensors;
  }
  for (const int64_t id : given.free) feeds.push_back(environment.tensor(id).resolve());
  for (const int64_t id : given.fixed) feeds.push_back(environment.tensor(id).resolve());
  std::vector<TF_Tensor*> results(program.results.size(), nullptr);
  Status status;
  const WithoutSignals quiet;
  tf.TF_SessionRun(program.session, nullptr, program.inputs.data(), feeds.data(), static_cast<int>(feeds.size()),
                   program.results.data(), results.data(), static_cast<int>(results.size()), nullptr, 0, nullptr,
                   status);
  status.check("Running a program");
  if (kept) partFrom(program, results);
  return results;
}
