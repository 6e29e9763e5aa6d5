#include "call.h"

namespace {

void require(napi_status status, const char* message) {
  if (status != napi_ok) throw Fault(message);
}

std::string textOf(napi_env env, napi_value value) {
  char start[64];
  size_t length;
  require(napi_get_value_string_utf8(env, value, start, sizeof start, &length), "A string was expected.");
  if (length < sizeof start - 1) return std::string(start, length);
  require(napi_get_value_string_utf8(env, value, nullptr, 0, &length), "A string was expected.");
  std::string text(length, '\0');
  require(napi_get_value_string_utf8(env, value, &text[0], length + 1, &length), "A string was expected.");
  return text;
}

int64_t integerOf(napi_env env, napi_value value) {
  int64_t integer;
  require(napi_get_value_int64(env, value, &integer), "A number was expected.");
  return integer;
}

std::vector<int64_t> integersOf(napi_env env, napi_value value) {
  uint32_t length;
  require(napi_get_array_length(env, value, &length), "A list of numbers was expected.");
  std::vector<int64_t> integers(length);
  for (uint32_t i = 0; i < length; i++) {
    napi_value element;
    require(napi_get_element(env, value, i, &element), "A list of numbers was expected.");
    integers[i] = integerOf(env, element);
  }
  return integers;
}

Attribute attributeOf(napi_env env, const std::string& name, napi_value object) {
  napi_value kindValue, value;
  require(napi_get_named_property(env, object, "kind", &kindValue), "An attribute has a kind and a value.");
  require(napi_get_named_property(env, object, "value", &value), "An attribute has a kind and a value.");
  const std::string kind = textOf(env, kindValue);
  Attribute attribute;
  attribute.name = name;
  if (kind == "type" || kind == "int") {
    attribute.kind = kind == "type" ? AttributeKind::type : AttributeKind::integer;
    attribute.integer = integerOf(env, value);
  } else if (kind == "bool") {
    bool flag;
    require(napi_get_value_bool(env, value, &flag), "An attribute of kind bool was not a boolean.");
    attribute.kind = AttributeKind::flag;
    attribute.integer = flag ? 1 : 0;
  } else if (kind == "float") {
    attribute.kind = AttributeKind::real;
    require(napi_get_value_double(env, value, &attribute.real), "An attribute of kind float was not a number.");
  } else if (kind == "ints" || kind == "shape") {
    attribute.kind = kind == "ints" ? AttributeKind::integers : AttributeKind::shape;
    attribute.integers = integersOf(env, value);
  } else if (kind == "string") {
    attribute.kind = AttributeKind::text;
    attribute.text = textOf(env, value);
  } else {
    throw Fault("There is no kind of attribute '" + kind + "'.");
  }
  return attribute;
}

// Every function comes in here; nothing of C++ may leave it.
napi_value enter(napi_env env, napi_callback_info info) {
  std::string problem;
  try {
    size_t count = mostArguments;
    napi_value arguments[mostArguments];
    void *entry, *environment;
    require(napi_get_cb_info(env, info, &count, arguments, nullptr, &entry), "A call could not be read.");
    require(napi_get_instance_data(env, &environment), "The addon is not set up in this thread.");
    const Function& function = *static_cast<const Function*>(entry);
    if (function.needsLibrary && !isLibraryOpen()) throw Fault("TensorFlow has not been loaded.");
    Call call{env, *static_cast<Environment*>(environment), arguments};
    return function.body(call);
  } catch (const std::exception& fault) {
    problem = fault.what();
  }
  napi_throw_error(env, nullptr, problem.c_str());
  return nullptr;
}

}  // namespace

bool Call::isNull(size_t index) const {
  napi_valuetype type;
  require(napi_typeof(env, arguments[index], &type), "An argument could not be read.");
  return type == napi_null || type == napi_undefined;
}

std::string Call::text(size_t index) const { return textOf(env, arguments[index]); }
int64_t Call::integer(size_t index) const { return integerOf(env, arguments[index]); }
bool Call::flag(size_t index) const {
  if (isNull(index)) return false;
  bool flag;
  require(napi_get_value_bool(env, arguments[index], &flag), "A boolean was expected.");
  return flag;
}

std::vector<int64_t> Call::integers(size_t index) const { return integersOf(env, arguments[index]); }

std::vector<int64_t> Call::shape(size_t index) const {
  std::vector<int64_t> shape = integers(index);
  for (const int64_t length : shape) {
    if (length < 0) throw Fault("A shape has no negative lengths.");
  }
  return shape;
}

int Call::type(size_t index) const {
  const int type = static_cast<int>(integer(index));
  bytesOfType(type);
  return type;
}

Numbers Call::numbers(size_t index) const {
  Numbers numbers;
  require(napi_get_typedarray_info(env, arguments[index], &numbers.type, &numbers.length, &numbers.data, nullptr,
                                   nullptr),
          "An array of numbers with a type was expected.");
  return numbers;
}

Attributes Call::attributes(size_t index) const {
  napi_value names;
  uint32_t count;
  require(napi_get_property_names(env, arguments[index], &names), "Attributes are an object.");
  require(napi_get_array_length(env, names, &count), "Attributes are an object.");
  Attributes attributes;
  attributes.reserve(count);
  for (uint32_t i = 0; i < count; i++) {
    napi_value name, value;
    require(napi_get_element(env, names, i, &name), "Attributes are an object.");
    require(napi_get_property(env, arguments[index], name, &value), "Attributes are an object.");
    attributes.push_back(attributeOf(env, textOf(env, name), value));
  }
  return attributes;
}

napi_value Call::nothing() const { return nullptr; }

napi_value Call::number(double value) const {
  napi_value result;
  require(napi_create_double(env, value, &result), "A number could not be made.");
  return result;
}

napi_value Call::string(const std::string& value) const {
  napi_value result;
  require(napi_create_string_utf8(env, value.data(), value.size(), &result), "A string could not be made.");
  return result;
}

napi_value Call::list(const std::vector<napi_value>& values) const {
  napi_value result;
  require(napi_create_array_with_length(env, values.size(), &result), "A list could not be made.");
  for (uint32_t i = 0; i < values.size(); i++) {
    require(napi_set_element(env, result, i, values[i]), "A list could not be filled.");
  }
  return result;
}

napi_value Call::object() const {
  napi_value result;
  require(napi_create_object(env, &result), "An object could not be made.");
  return result;
}

void Call::set(napi_value object, const char* name, napi_value value) const {
  require(napi_set_named_property(env, object, name, value), "A property could not be set.");
}

napi_value Call::value(int64_t id, int type, const std::vector<int64_t>& shape) const {
  std::vector<napi_value> lengths;
  lengths.reserve(shape.size());
  for (const int64_t length : shape) lengths.push_back(number(static_cast<double>(length)));
  napi_value result = object();
  set(result, "id", number(static_cast<double>(id)));
  set(result, "type", number(type));
  set(result, "shape", list(lengths));
  return result;
}

void defineFunction(napi_env env, napi_value exports, const Function& function) {
  napi_value made;
  void* data = const_cast<Function*>(&function);
  napi_create_function(env, function.name, NAPI_AUTO_LENGTH, enter, data, &made);
  napi_set_named_property(env, exports, function.name, made);
}

void defineGetter(napi_env env, napi_value exports, const Function& function) {
  napi_property_descriptor property = {};
  property.utf8name = function.name;
  property.getter = enter;
  property.attributes = napi_enumerable;
  property.data = const_cast<Function*>(&function);
  napi_define_properties(env, exports, 1, &property);
}
