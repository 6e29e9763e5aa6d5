// The arguments of one call from JavaScript, and values to answer with.
#pragma once
#include <node_api.h>
#include <string>
#include <vector>
#include "attributes.h"
#include "environment.h"
#include "numbers.h"

constexpr size_t mostArguments = 5;

struct Call {
  napi_env env;
  Environment& environment;
  const napi_value* arguments;

  bool isNull(size_t index) const;
  std::string text(size_t index) const;
  int64_t integer(size_t index) const;
  // False where the argument was left out.
  bool flag(size_t index) const;
  std::vector<int64_t> integers(size_t index) const;
  std::vector<int64_t> shape(size_t index) const;
  int type(size_t index) const;
  Numbers numbers(size_t index) const;
  Attributes attributes(size_t index) const;

  napi_value nothing() const;
  napi_value number(double value) const;
  napi_value string(const std::string& value) const;
  napi_value list(const std::vector<napi_value>& values) const;
  napi_value object() const;
  void set(napi_value object, const char* name, napi_value value) const;
  // A NativeValue.
  napi_value value(int64_t id, int type, const std::vector<int64_t>& shape) const;
};

// A function that JavaScript can call. Faults that `body` throws are thrown there.
struct Function {
  const char* name;
  napi_value (*body)(Call&);
  bool needsLibrary = true;
};

void defineFunction(napi_env env, napi_value exports, const Function& function);
void defineGetter(napi_env env, napi_value exports, const Function& function);
