#include "definitions.h"
#include "protocol-buffer.h"

namespace {

// Fields of the messages OpDef and OpDef.ArgDef (tensorflow/core/framework/op_def.proto).
constexpr int inputArgument = 2;
constexpr int numberAttribute = 5;
constexpr int typeListAttribute = 6;

struct Buffer {
  TF_Buffer* buffer = tf.TF_NewBuffer();
  ~Buffer() { tf.TF_DeleteBuffer(buffer); }
};

bool isList(const FieldReader& argument) {
  FieldReader fields = argument;
  while (fields.next()) {
    const bool says = fields.number() == numberAttribute || fields.number() == typeListAttribute;
    if (says && !fields.bytes().atEnd()) return true;
  }
  return false;
}

}  // namespace

Definitions::~Definitions() {
  if (graph_ != nullptr) tf.TF_DeleteGraph(graph_);
}

const std::vector<bool>& Definitions::lists(const std::string& operation) {
  const auto known = lists_.find(operation);
  if (known != lists_.end()) return known->second;
  if (graph_ == nullptr) graph_ = tf.TF_NewGraph();
  Buffer definition;
  Status status;
  tf.TF_GraphGetOpDef(graph_, operation.c_str(), definition.buffer, status);
  status.check(operation.c_str());
  std::vector<bool> lists;
  FieldReader fields(definition.buffer->data, definition.buffer->length);
  while (fields.next()) {
    if (fields.number() == inputArgument) lists.push_back(isList(fields.bytes()));
  }
  return lists_.emplace(operation, std::move(lists)).first->second;
}

ArgumentLengths Definitions::lengths(const std::string& operation, size_t inputs) {
  const std::vector<bool>& lists = this->lists(operation);
  size_t listCount = 0;
  for (const bool list : lists) listCount += list ? 1 : 0;
  const size_t singles = lists.size() - listCount;
  const bool fits = listCount == 0 ? inputs == singles : inputs >= singles && (inputs - singles) % listCount == 0;
  if (!fits) throw Fault(operation + " does not take " + std::to_string(inputs) + " inputs.");
  // Several lists of one operation have the same length in every operation that is used here.
  const int length = listCount == 0 ? 0 : static_cast<int>((inputs - singles) / listCount);
  ArgumentLengths lengths;
  for (const bool list : lists) lengths.push_back(list ? length : -1);
  return lengths;
}
