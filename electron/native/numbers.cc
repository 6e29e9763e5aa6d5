#include "numbers.h"
#include <cstring>
#include <string>

size_t bytesOfType(int type) {
  switch (type) {
    case TF_FLOAT:
    case TF_INT32:
      return 4;
    case TF_DOUBLE:
    case TF_INT64:
      return 8;
    case TF_BOOL:
      return 1;
  }
  throw Fault("Tensors of TensorFlow's type " + std::to_string(type) + " cannot be exchanged.");
}

size_t sizeOfShape(const std::vector<int64_t>& shape) {
  size_t size = 1;
  for (const int64_t length : shape) size *= static_cast<size_t>(length);
  return size;
}

namespace {

template <class From, class To>
void convert(const void* from, void* to, size_t count) {
  const From* source = static_cast<const From*>(from);
  To* target = static_cast<To*>(to);
  for (size_t i = 0; i < count; i++) target[i] = static_cast<To>(source[i]);
}

template <class From>
void convertTo(int type, const void* from, void* to, size_t count) {
  switch (type) {
    case TF_FLOAT:
      return convert<From, float>(from, to, count);
    case TF_DOUBLE:
      return convert<From, double>(from, to, count);
    case TF_INT32:
      return convert<From, int32_t>(from, to, count);
    case TF_INT64:
      return convert<From, int64_t>(from, to, count);
    case TF_BOOL:
      return convert<From, uint8_t>(from, to, count);
  }
  bytesOfType(type);
}

int typeOfArray(napi_typedarray_type type) {
  switch (type) {
    case napi_float32_array:
      return TF_FLOAT;
    case napi_float64_array:
      return TF_DOUBLE;
    case napi_int32_array:
      return TF_INT32;
    case napi_bigint64_array:
      return TF_INT64;
    case napi_uint8_array:
    case napi_uint8_clamped_array:
      return TF_BOOL;
    default:
      throw Fault("Numbers must be a Float32Array, Float64Array, Int32Array, BigInt64Array or Uint8Array.");
  }
}

void copyBetween(int fromType, const void* from, int toType, void* to, size_t count) {
  if (count == 0) return;
  if (fromType == toType) {
    memcpy(to, from, count * bytesOfType(toType));
    return;
  }
  switch (fromType) {
    case TF_FLOAT:
      return convertTo<float>(toType, from, to, count);
    case TF_DOUBLE:
      return convertTo<double>(toType, from, to, count);
    case TF_INT32:
      return convertTo<int32_t>(toType, from, to, count);
    case TF_INT64:
      return convertTo<int64_t>(toType, from, to, count);
    case TF_BOOL:
      return convertTo<uint8_t>(toType, from, to, count);
  }
  bytesOfType(fromType);
}

}  // namespace

void copyIn(const Numbers& from, size_t offset, size_t count, int type, void* to) {
  const int arrayType = typeOfArray(from.type);
  copyBetween(arrayType, static_cast<const char*>(from.data) + offset * bytesOfType(arrayType), type, to, count);
}

void copyOut(int type, const void* from, size_t count, const Numbers& to, size_t offset) {
  const int arrayType = typeOfArray(to.type);
  copyBetween(type, from, arrayType, static_cast<char*>(to.data) + offset * bytesOfType(arrayType), count);
}

TF_Tensor* tensorOf(int type, const std::vector<int64_t>& shape, const Numbers& values) {
  const size_t size = sizeOfShape(shape);
  if (values.length != size) {
    throw Fault("A tensor of " + std::to_string(size) + " values was given " + std::to_string(values.length) + ".");
  }
  typeOfArray(values.type);
  TF_Tensor* tensor =
      tf.TF_AllocateTensor(type, shape.data(), static_cast<int>(shape.size()), size * bytesOfType(type));
  if (tensor == nullptr) throw Fault("There is no memory for a tensor of " + std::to_string(size) + " values.");
  copyIn(values, 0, size, type, tf.TF_TensorData(tensor));
  return tensor;
}
