#pragma once
#include <cstdint>
#include <string>
#include <vector>
#include "library.h"

enum class AttributeKind { type, flag, integer, real, integers, shape, text };

// An attribute of an operation, apart from where it came from and where it goes.
struct Attribute {
  std::string name;
  AttributeKind kind;
  int64_t integer = 0;
  double real = 0;
  std::vector<int64_t> integers;
  std::string text;
};

using Attributes = std::vector<Attribute>;

void setAttributes(TFE_Op* operation, const Attributes& attributes);
void setAttributes(TF_OperationDescription* operation, const Attributes& attributes);
