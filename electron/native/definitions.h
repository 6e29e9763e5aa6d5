// Which inputs of an operation are lists, from its definition in the library.
#pragma once
#include <string>
#include <unordered_map>
#include <vector>
#include "library.h"

// The lengths of an operation's arguments, in order: -1 for a single tensor, else the length of a list.
using ArgumentLengths = std::vector<int>;

class Definitions {
 public:
  ~Definitions();
  // How `inputs` tensors given one after another are shared out among the arguments of `operation`.
  ArgumentLengths lengths(const std::string& operation, size_t inputs);

 private:
  const std::vector<bool>& lists(const std::string& operation);

  std::unordered_map<std::string, std::vector<bool>> lists_;
  TF_Graph* graph_ = nullptr;
};
