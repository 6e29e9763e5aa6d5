// What the addon offers, by file. The names and their meanings are those of `NativeBinding`
// (core/models/tensorflow/native/binding.ts).
#pragma once
#include "call.h"

napi_value upload(Call& call);
napi_value readTensor(Call& call);
napi_value freeTensor(Call& call);
napi_value alive(Call& call);
napi_value execute(Call& call);

napi_value newGraph(Call& call);
napi_value placeholder(Call& call);
napi_value constant(Call& call);
napi_value node(Call& call);
napi_value dropGraph(Call& call);

napi_value compile(Call& call);
napi_value run(Call& call);
napi_value runKept(Call& call);
napi_value freeProgram(Call& call);

// A tensor handle as a NativeValue; takes the handle over.
napi_value valueOfHandle(Call& call, TFE_TensorHandle* handle);
