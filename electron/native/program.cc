#include "program.h"
#include "context.h"

Program::~Program() {
  if (session != nullptr) {
    Status status;
    tf.TF_CloseSession(session, status);
    tf.TF_DeleteSession(session, status);
  }
  if (graph != nullptr) tf.TF_DeleteGraph(graph);
  for (size_t i = 0; i < freeCount(); i++) {
    if (feeds[i] != nullptr) tf.TF_DeleteTensor(feeds[i]);
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

TF_Tensor* emptyFeed(const Program& program, size_t i) {
  const std::vector<int64_t>& shape = program.freeShapes[i];
  const int type = tf.TF_OperationOutputType(program.inputs[i]);
  TF_Tensor* tensor = tf.TF_AllocateTensor(type, shape.data(), static_cast<int>(shape.size()),
                                           sizeOfShape(shape) * bytesOfType(type));
  if (tensor == nullptr) throw Fault("There is no memory for the inputs of a program.");
  return tensor;
}

void startSession(Program& program) {
  const std::string config = programConfiguration();
  TF_SessionOptions* options = tf.TF_NewSessionOptions();
  Status status;
  tf.TF_SetConfig(options, config.data(), config.size(), status);
  if (status.ok()) program.session = tf.TF_NewSession(program.graph, options, status);
  tf.TF_DeleteSessionOptions(options);
  status.check("Starting a program");
}

}  // namespace

std::unique_ptr<Program> compileProgram(Graph& graph, const std::vector<int64_t>& free,
                                        const std::vector<int64_t>& fixed, const std::vector<int64_t>& results) {
  auto program = std::make_unique<Program>();
  for (const int64_t id : free) {
    const TF_Output input = graph.value(id);
    const std::vector<int64_t> shape = fullShape(graph.graph, input);
    program->inputs.push_back(input);
    program->freeShapes.push_back(shape);
    program->freeSize += sizeOfShape(shape);
    program->feeds.push_back(nullptr);
    program->feeds.back() = emptyFeed(*program, program->feeds.size() - 1);
  }
  for (const int64_t id : fixed) {
    program->inputs.push_back(graph.value(id));
    program->feeds.push_back(nullptr);
  }
  for (const int64_t id : results) program->results.push_back(graph.value(id));
  program->graph = graph.graph;
  graph.graph = nullptr;
  startSession(*program);
  return program;
}

std::vector<TF_Tensor*> runProgram(Program& program, Environment& environment, const Numbers& flat,
                                   const std::vector<int64_t>& fixed) {
  const size_t free = program.freeCount();
  if (flat.length != program.freeSize || fixed.size() != program.inputs.size() - free) {
    throw Fault("The program takes " + std::to_string(program.freeSize) + " free values and " +
                std::to_string(program.inputs.size() - free) + " tensors; " + std::to_string(flat.length) + " and " +
                std::to_string(fixed.size()) + " were given.");
  }
  size_t offset = 0;
  for (size_t i = 0; i < free; i++) {
    const size_t size = sizeOfShape(program.freeShapes[i]);
    if (program.feeds[i] == nullptr) program.feeds[i] = emptyFeed(program, i);
    copyIn(flat, offset, size, tf.TF_TensorType(program.feeds[i]), tf.TF_TensorData(program.feeds[i]));
    offset += size;
  }
  for (size_t i = 0; i < fixed.size(); i++) program.feeds[free + i] = environment.tensor(fixed[i]).resolve();
  std::vector<TF_Tensor*> results(program.results.size(), nullptr);
  Status status;
  tf.TF_SessionRun(program.session, nullptr, program.inputs.data(), program.feeds.data(),
                   static_cast<int>(program.feeds.size()), program.results.data(), results.data(),
                   static_cast<int>(results.size()), nullptr, 0, nullptr, status);
  status.check("Running a program");
  return results;
}

void partFromResults(Program& program, const std::vector<TF_Tensor*>& results) {
  // The library writes into no input, because the program holds it as well; but a result can be an input under another
  // shape, and the next run would write into it.
  for (size_t i = 0; i < program.freeCount(); i++) {
    for (const TF_Tensor* result : results) {
      if (tf.TF_TensorData(result) != tf.TF_TensorData(program.feeds[i])) continue;
      tf.TF_DeleteTensor(program.feeds[i]);
      program.feeds[i] = nullptr;
      break;
    }
  }
}
