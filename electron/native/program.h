// A graph that runs as one call.
#pragma once
#include <cstdint>
#include <vector>
#include "environment.h"
#include "numbers.h"

struct Program {
  TF_Graph* graph = nullptr;
  TF_Session* session = nullptr;
  std::vector<TF_Output> inputs;
  std::vector<TF_Output> results;
  // The program's own memory for free inputs that come from the host; made when first used.
  std::vector<TF_Tensor*> freeTensors;
  std::vector<std::vector<int64_t>> freeShapes;
  size_t freeSize = 0;
  // Whether several runs may go on at once, each in one thread from its beginning to its end.
  bool sideBySide = false;
  // One for each lane after the first: some of the library's kernels (oneDNN's batch normalisation) keep numbers of a run
  // in themselves, so that two runs of one session at once would mix them.
  std::vector<TF_Session*> otherSessions;

  ~Program();
  size_t freeCount() const { return freeShapes.size(); }
};

std::unique_ptr<Program> compileProgram(Graph& graph, const std::vector<int64_t>& free,
                                        const std::vector<int64_t>& fixed, const std::vector<int64_t>& results,
                                        bool sideBySide);
// A further session of the same program; the caller's.
TF_Session* newSession(const Program& program, TF_Graph* graph);
// Memory for the free input `i`; the caller's.
TF_Tensor* emptyFreeTensor(const Program& program, size_t i);

// What one run is given: free inputs from the host one after another, or as tensors; the fixed ones as tensors.
struct Given {
  const Numbers* flat;
  std::vector<int64_t> free;
  std::vector<int64_t> fixed;
};

// The results of one run, the caller's. `kept`: they outlive it.
std::vector<TF_Tensor*> runProgram(Program& program, Environment& environment, const Given& given, bool kept);

// Several runs of a program that was compiled for that: the free inputs of each, one run after another, and the results
// likewise. They share the threads of the engine, the caller's among them; which thread takes which run changes nothing.
void runSideBySide(Program& program, Environment& environment, const Numbers& flat,
                   const std::vector<int64_t>& fixed, const Numbers& into);
