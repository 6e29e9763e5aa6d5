// Typed arrays of JavaScript beside tensors of the library, with conversion where their types differ.
#pragma once
#include <node_api.h>
#include <cstdint>
#include <vector>
#include "library.h"

// A typed array of the caller, as long as the call lasts.
struct Numbers {
  napi_typedarray_type type;
  void* data;
  size_t length;
};

size_t bytesOfType(int type);
size_t sizeOfShape(const std::vector<int64_t>& shape);

// `count` values of the array from `offset` on into the tensor's data, and back.
void copyIn(const Numbers& from, size_t offset, size_t count, int type, void* to);
void copyOut(int type, const void* from, size_t count, const Numbers& to, size_t offset);

// A tensor of the given shape with the values of an array of exactly its size.
TF_Tensor* tensorOf(int type, const std::vector<int64_t>& shape, const Numbers& values);
