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
  // What is fed, in the order of the inputs: tensors of the program itself for the free ones, borrowed ones for the
  // fixed ones.
  std::vector<TF_Tensor*> feeds;
  std::vector<std::vector<int64_t>> freeShapes;
  size_t freeSize = 0;

  ~Program();
  size_t freeCount() const { return freeShapes.size(); }
};

std::unique_ptr<Program> compileProgram(Graph& graph, const std::vector<int64_t>& free,
                                        const std::vector<int64_t>& fixed, const std::vector<int64_t>& results);
// The results of one run, the caller's.
std::vector<TF_Tensor*> runProgram(Program& program, Environment& environment, const Numbers& flat,
                                   const std::vector<int64_t>& fixed);
// After a run whose results are kept: free inputs whose memory a result shares are made anew.
void partFromResults(Program& program, const std::vector<TF_Tensor*>& results);
