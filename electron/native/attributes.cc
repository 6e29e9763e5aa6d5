#include "attributes.h"

void setAttributes(TFE_Op* operation, const Attributes& attributes) {
  for (const Attribute& attribute : attributes) {
    const char* name = attribute.name.c_str();
    const int count = static_cast<int>(attribute.integers.size());
    switch (attribute.kind) {
      case AttributeKind::type:
        tf.TFE_OpSetAttrType(operation, name, static_cast<int>(attribute.integer));
        break;
      case AttributeKind::flag:
        tf.TFE_OpSetAttrBool(operation, name, attribute.integer != 0);
        break;
      case AttributeKind::integer:
        tf.TFE_OpSetAttrInt(operation, name, attribute.integer);
        break;
      case AttributeKind::real:
        tf.TFE_OpSetAttrFloat(operation, name, static_cast<float>(attribute.real));
        break;
      case AttributeKind::integers:
        tf.TFE_OpSetAttrIntList(operation, name, attribute.integers.data(), count);
        break;
      case AttributeKind::shape: {
        Status status;
        tf.TFE_OpSetAttrShape(operation, name, attribute.integers.data(), count, status);
        status.check(name);
        break;
      }
      case AttributeKind::text:
        tf.TFE_OpSetAttrString(operation, name, attribute.text.data(), attribute.text.size());
        break;
    }
  }
}

void setAttributes(TF_OperationDescription* operation, const Attributes& attributes) {
  for (const Attribute& attribute : attributes) {
    const char* name = attribute.name.c_str();
    const int count = static_cast<int>(attribute.integers.size());
    switch (attribute.kind) {
      case AttributeKind::type:
        tf.TF_SetAttrType(operation, name, static_cast<int>(attribute.integer));
        break;
      case AttributeKind::flag:
        tf.TF_SetAttrBool(operation, name, attribute.integer != 0);
        break;
      case AttributeKind::integer:
        tf.TF_SetAttrInt(operation, name, attribute.integer);
        break;
      case AttributeKind::real:
        tf.TF_SetAttrFloat(operation, name, static_cast<float>(attribute.real));
        break;
      case AttributeKind::integers:
        tf.TF_SetAttrIntList(operation, name, attribute.integers.data(), count);
        break;
      case AttributeKind::shape:
        tf.TF_SetAttrShape(operation, name, attribute.integers.data(), count);
        break;
      case AttributeKind::text:
        tf.TF_SetAttrString(operation, name, attribute.text.data(), attribute.text.size());
        break;
    }
  }
}
