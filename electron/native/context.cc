#include "context.h"
#include <mutex>
#include "protocol-buffer.h"
#include "signals.h"

namespace {

std::mutex starting;
// Left to the end of the process: worker threads may still run operations when its destructors do.
TFE_Context* theContext = nullptr;
std::vector<Device>* theDevices = nullptr;
const char* gpuName = nullptr;
int threadCount = 1;

// Fields of ConfigProto and of the messages in it (tensorflow/core/protobuf/config.proto, rewriter_config.proto).
constexpr int intraOpThreads = 2;
constexpr int interOpThreads = 5;
constexpr int gpuOptions = 6;
constexpr int allowGrowth = 4;
constexpr int allowSoftPlacement = 7;
constexpr int graphOptions = 10;
constexpr int optimizerOptions = 3;
constexpr int optimizationLevel = 3;
constexpr int rewriteOptions = 10;
constexpr int disableMetaOptimizer = 19;
constexpr int experimental = 16;
constexpr int executorType = 3;

// What the eager context and the sessions have in common; `interThreads`: for operations beside one another.
FieldWriter commonConfiguration(int threads, int interThreads) {
  FieldWriter gpu, config;
  // Not the whole memory of the GPU at once; operations that it does not have run on the processor.
  gpu.number(allowGrowth, 1);
  config.number(intraOpThreads, threads).number(interOpThreads, interThreads).number(allowSoftPlacement, 1);
  config.bytes(gpuOptions, gpu.text());
  return config;
}

void listDevices() {
  Status status;
  TF_DeviceList* list = tf.TFE_ContextListDevices(theContext, status);
  status.check("Listing the devices");
  theDevices = new std::vector<Device>;
  for (int i = 0; i < tf.TF_DeviceListCount(list); i++) {
    Status each;
    theDevices->push_back({tf.TF_DeviceListName(list, i, each), tf.TF_DeviceListType(list, i, each),
                           tf.TF_DeviceListMemoryBytes(list, i, each)});
  }
  tf.TF_DeleteDeviceList(list);
  for (const Device& device : *theDevices) {
    if (gpuName == nullptr && device.kind == "GPU") gpuName = device.name.c_str();
  }
}

}  // namespace

void startContext(int threads) {
  const std::lock_guard<std::mutex> lock(starting);
  if (theContext != nullptr) return;
  if (threads < 1) throw Fault("The number of threads must be 1 or more.");
  const std::string config = commonConfiguration(threads, 1).text();
  const WithoutSignals quiet;
  Status status;
  TFE_ContextOptions* options = tf.TFE_NewContextOptions();
  tf.TFE_ContextOptionsSetConfig(options, config.data(), config.size(), status);
  if (status.ok()) theContext = tf.TFE_NewContext(options, status);
  tf.TFE_DeleteContextOptions(options);
  status.check("Starting TensorFlow");
  threadCount = threads;
  listDevices();
}

TFE_Context* context() {
  const std::lock_guard<std::mutex> lock(starting);
  if (theContext == nullptr) throw Fault("The engine has not been started.");
  return theContext;
}

const std::vector<Device>& devices() {
  context();
  return *theDevices;
}

const char* firstGpu() { return gpuName; }

int engineThreads() {
  context();
  return threadCount;
}

std::string programConfiguration(int threads) {
  // The graph is taken as it is: what could be simplified in it has been, and optimising costs more than many runs.
  FieldWriter optimizer, rewrite, graph, executor;
  optimizer.number(optimizationLevel, -1);
  rewrite.number(disableMetaOptimizer, 1);
  graph.bytes(optimizerOptions, optimizer.text()).bytes(rewriteOptions, rewrite.text());
  executor.bytes(executorType, "SINGLE_THREADED_EXECUTOR");
  // Fewer than 0 threads between operations: a run stays in the thread of its caller. Measured on the product of a
  // small network, two cores: with the optimiser the first run takes several times as long (40 to 53 ms, 8 to 34 without);
  // the usual executor costs 2 % more a run.
  FieldWriter config = commonConfiguration(threads, -1);
  config.bytes(graphOptions, graph.text()).bytes(experimental, executor.text());
  return config.text();
}
