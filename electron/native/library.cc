#include "library.h"
#include <dlfcn.h>
#include <cstdlib>
#include <mutex>
#include "elementary.h"
#include "memory.h"
#include "old-systems.h"

Library tf;

namespace {

std::mutex opening;
// Never destroyed: worker threads may end after the destructors of the process have run.
std::string* openFolder = nullptr;
std::mutex sharing;
// tensorflow::LocalDevice::use_global_threadpool_, or null in a library that has no such thing.
bool* sharesThreads = nullptr;

void* openOne(const std::string& path) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw Fault(dlerror());
  return library;
}

// JavaScript's `process.env` is a copy in worker threads, so this cannot be left to the caller.
void setVariables() {
  // Off by default on processors without AVX512-VNNI; makes convolutions 3 to 13 times faster.
  setenv("TF_ENABLE_ONEDNN_OPTS", "1", 0);
  // No lines about the processor's instructions in the output of a program.
  setenv("TF_CPP_MIN_LOG_LEVEL", "2", 0);
  // Products in TF32 would cost three digits.
  setenv("NVIDIA_TF32_OVERRIDE", "0", 0);
}

}  // namespace

bool isLibraryOpen() {
  const std::lock_guard<std::mutex> lock(opening);
  return openFolder != nullptr;
}

void openLibrary(const std::string& folder) {
  const std::lock_guard<std::mutex> lock(opening);
  if (openFolder != nullptr) {
    if (*openFolder == folder) return;
    throw Fault("This process has loaded TensorFlow from " + *openFolder + " and cannot load another one.");
  }
  setVariables();
  keepFreedMemory();
  void* framework = openOne(folder + "/libtensorflow_framework.so.2");
  sharesThreads = static_cast<bool*>(dlsym(framework, "_ZN10tensorflow11LocalDevice22use_global_threadpool_E"));
  void* library = openOne(folder + "/libtensorflow_cc.so.2");
#define LOOK_UP(result, name, parameters)                                                     \
  tf.name = reinterpret_cast<result(*) parameters>(dlsym(library, #name));                    \
  if (tf.name == nullptr) throw Fault("The library in " + folder + " has no function " #name "."); 
  TENSORFLOW_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
  registerElementaryKernels();
  openFolder = new std::string(folder);
}

SessionThreads::SessionThreads(bool own) {
  sharing.lock();
  if (sharesThreads != nullptr) *sharesThreads = !own;
}

SessionThreads::~SessionThreads() {
  if (sharesThreads != nullptr) *sharesThreads = true;
  sharing.unlock();
}
