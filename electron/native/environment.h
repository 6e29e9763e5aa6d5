// What one Node environment (the main thread or a worker thread) holds of the library.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>
#include "definitions.h"
#include "library.h"

// A tensor of the library. `resolved` is the same memory as programs take it, made when a program first asks for it.
struct Tensor {
  TFE_TensorHandle* handle = nullptr;
  TF_Tensor* resolved = nullptr;

  ~Tensor();
  TF_Tensor* resolve();
};

// A graph under construction. Its values are numbered from 1.
struct Graph {
  TF_Graph* graph;
  std::vector<TF_Output> values;

  Graph() : graph(tf.TF_NewGraph()) {}
  ~Graph() {
    if (graph != nullptr) tf.TF_DeleteGraph(graph);
  }
  TF_Output value(int64_t id) const;
};

struct Program;

struct Environment {
  std::unordered_map<int64_t, std::unique_ptr<Tensor>> tensors;
  std::unordered_map<int64_t, std::unique_ptr<Graph>> graphs;
  std::unordered_map<int64_t, std::unique_ptr<Program>> programs;
  Definitions definitions;
  // Never used twice, so that the id of something freed is an error and not something else.
  int64_t lastId = 0;

  Environment();
  ~Environment();
  Tensor& tensor(int64_t id);
  Graph& graph(int64_t id);
  Program& program(int64_t id);
  // Takes the handle over.
  int64_t add(TFE_TensorHandle* handle);
};
