// tanh, exp and sigmoid of single-precision tensors. TensorFlow's wheels are compiled for processors without fused
// multiply-add, where these are most of a small network's time; its other operations choose their instructions at run time.
#include "elementary.h"
#include "library.h"

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__)
#include <cstring>
#include <string>

// So that loops become vector instructions; none of them looks at the flags of floating-point faults.
#pragma GCC optimize("O3", "no-trapping-math")

#define INLINE static inline __attribute__((always_inline))

namespace {

INLINE uint32_t bitsOf(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

INLINE float floatOf(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// x = k ln 2 + r with |r| <= (ln 2)/2, and e^r - 1.
struct Reduced {
  uint32_t k;
  float expm1;
};

// Added to a small number, this rounds it to a whole one, which stands in the lowest bits of the sum.
constexpr float rounder = 12582912.0f;

INLINE Reduced reduced(float x) {
  const float t = __builtin_fmaf(x, 1.44269504f, rounder);
  const float k = t - rounder;
  const float r = __builtin_fmaf(k, 2.12194440e-4f, __builtin_fmaf(k, -0.693359375f, x));
  // The Taylor series of (e^r - 1 - r) / r^2: what is left out is below 2e-8 of the result.
  float q = 1.0f / 5040;
  q = __builtin_fmaf(q, r, 1.0f / 720);
  q = __builtin_fmaf(q, r, 1.0f / 120);
  q = __builtin_fmaf(q, r, 1.0f / 24);
  q = __builtin_fmaf(q, r, 1.0f / 6);
  q = __builtin_fmaf(q, r, 1.0f / 2);
  return {bitsOf(t) - bitsOf(rounder), __builtin_fmaf(q, r * r, r)};
}

// 2^k for -126 <= k <= 127.
INLINE float powerOfTwo(uint32_t k) { return floatOf((k << 23) + 0x3f800000u); }

// Comparisons are written so that NaN passes through.

// -(e^y - 1) / (e^y + 1) with y = -2 |x|, and the sign of x: no digits cancel, near 0 either.
INLINE float tanhOf(float x) {
  const uint32_t sign = bitsOf(x) & 0x80000000u;
  float y = -2 * floatOf(bitsOf(x) ^ sign);
  y = y < -40 ? -40 : y;
  const Reduced e = reduced(y);
  const float power = powerOfTwo(e.k);
  const float expm1 = __builtin_fmaf(power, e.expm1, power - 1);
  return floatOf(bitsOf(-expm1 / (2 + expm1)) | sign);
}

// In two factors, so that results may be infinite or below the smallest normal number.
INLINE float expOf(float x) {
  x = x > 89 ? 89 : x;
  x = x < -104 ? -104 : x;
  const Reduced e = reduced(x);
  const uint32_t half = static_cast<uint32_t>(static_cast<int32_t>(e.k) >> 1);
  return (1 + e.expm1) * powerOfTwo(half) * powerOfTwo(e.k - half);
}

INLINE float sigmoidOf(float x) { return 1 / (1 + expOf(-x)); }

// Both may be the same memory, entry by entry.
template <float (*function)(float)>
INLINE void forEach(const float* x, float* y, int64_t count) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] = function(x[i]);
}

#define LOOP(name, instructions, function)                                                        \
  __attribute__((target(instructions))) void name(const float* x, float* y, int64_t count) {      \
    forEach<function>(x, y, count);                                                               \
  }


#define AVX2 "avx2,fma"
#define AVX512 "avx512f,avx512dq,avx512bw,avx512vl,fma,prefer-vector-width=512"
LOOP(tanhAvx2, AVX2, tanhOf)
LOOP(tanhAvx512, AVX512, tanhOf)
LOOP(expAvx2, AVX2, expOf)
LOOP(expAvx512, AVX512, expOf)
LOOP(sigmoidAvx2, AVX2, sigmoidOf)
LOOP(sigmoidAvx512, AVX512, sigmoidOf)

using Loop = void (*)(const float*, float*, int64_t);

void computeWith(Loop loop, TF_OpKernelContext* context) {
  TF_Status* status = tf.TF_NewStatus();
  TF_Tensor* input = nullptr;
  tf.TF_GetInput(context, 0, &input, status);
  if (tf.TF_GetCode(status) == TF_OK) {
    int64_t shape[16];
    const int rank = tf.TF_NumDims(input);
    for (int axis = 0; axis < rank && axis < 16; axis++) shape[axis] = tf.TF_Dim(input, axis);
    const float* x = static_cast<const float*>(tf.TF_TensorData(input));
    const int64_t count = tf.TF_TensorElementCount(input);
    // The context still holds the input; given back here, its memory can become the output's.
    tf.TF_DeleteTensor(input);
    const int candidate = 0;
    int forwarded = -1;
    TF_Tensor* output =
        tf.TF_ForwardInputOrAllocateOutput(context, &candidate, 1, 0, shape, rank, &forwarded, status);
    if (tf.TF_GetCode(status) == TF_OK) loop(x, static_cast<float*>(tf.TF_TensorData(output)), count);
    if (output != nullptr) tf.TF_DeleteTensor(output);
  }
  if (tf.TF_GetCode(status) != TF_OK) tf.TF_OpKernelContext_Failure(context, status);
  tf.TF_DeleteStatus(status);
}

template <Loop loop>
void compute(void*, TF_OpKernelContext* context) {
  computeWith(loop, context);
}

using Compute = void (*)(void*, TF_OpKernelContext*);

void registerOne(const char* operation, Compute function) {
  const std::string name = std::string("Saddlescope") + operation;
  TF_KernelBuilder* builder = tf.TF_NewKernelBuilder(operation, "CPU", nullptr, function, nullptr);
  Status status;
  tf.TF_KernelBuilder_TypeConstraint(builder, "T", TF_FLOAT, status);
  status.check(operation);
  // Before the library's own, which has none.
  tf.TF_KernelBuilder_Priority(builder, 1);
  tf.TF_RegisterKernelBuilder(name.c_str(), builder, status);
  status.check(operation);
}

}  // namespace

void registerElementaryKernels() {
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (!avx512 && !avx2) return;
  registerOne("Tanh", avx512 ? compute<tanhAvx512> : compute<tanhAvx2>);
  registerOne("Exp", avx512 ? compute<expAvx512> : compute<expAvx2>);
  registerOne("Sigmoid", avx512 ? compute<sigmoidAvx512> : compute<sigmoidAvx2>);
}

#else

void registerElementaryKernels() {}

#endif
