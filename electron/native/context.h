// The one eager context of the process, and the settings that all sessions share with it.
#pragma once
#include <string>
#include <vector>
#include "library.h"

struct Device {
  std::string name;
  std::string kind;
  int64_t memoryBytes;
};

// Makes the context; later calls are ignored, because the library keeps one pool of threads a process.
void startContext(int threads);
TFE_Context* context();
const std::vector<Device>& devices();
// The name of the first GPU, or null.
const char* firstGpu();
// The configuration of a session that runs one program (a ConfigProto); `threads`: of one operation.
std::string programConfiguration(int threads);
// How many threads the engine was started with.
int engineThreads();
