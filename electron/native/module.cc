// The addon's table of functions.
#include "context.h"
#include "functions.h"
#include "program.h"

namespace {

constexpr double abi = 2;

napi_value load(Call& call) {
  openLibrary(call.text(0));
  return call.nothing();
}

napi_value start(Call& call) {
  startContext(static_cast<int>(call.integer(0)));
  return call.nothing();
}

napi_value threads(Call& call) { return call.number(engineThreads()); }

napi_value version(Call& call) { return call.string(tf.TF_Version()); }

napi_value listDevices(Call& call) {
  std::vector<napi_value> list;
  for (const Device& device : devices()) {
    const napi_value object = call.object();
    call.set(object, "name", call.string(device.name));
    call.set(object, "kind", call.string(device.kind));
    call.set(object, "memoryBytes", call.number(static_cast<double>(device.memoryBytes)));
    list.push_back(object);
  }
  return call.list(list);
}

constexpr Function functions[] = {
    {"load", load, false},   {"start", start},         {"threads", threads},    {"devices", listDevices},     {"upload", upload},
    {"read", readTensor},    {"free", freeTensor},     {"alive", alive},             {"execute", execute},
    {"graph", newGraph},     {"placeholder", placeholder}, {"constant", constant},   {"node", node},
    {"dropGraph", dropGraph}, {"compile", compile},    {"run", run},                 {"runKept", runKept},
    {"freeProgram", freeProgram},
};
constexpr Function versionGetter = {"version", version};

void deleteEnvironment(napi_env, void* environment, void*) { delete static_cast<Environment*>(environment); }

}  // namespace

NAPI_MODULE_INIT() {
  auto* environment = new Environment;
  if (napi_set_instance_data(env, environment, deleteEnvironment, nullptr) != napi_ok) {
    delete environment;
    napi_throw_error(env, nullptr, "The addon could not be set up in this thread.");
    return nullptr;
  }
  napi_value number;
  napi_create_double(env, abi, &number);
  napi_set_named_property(env, exports, "abi", number);
  for (const Function& function : functions) defineFunction(env, exports, function);
  defineGetter(env, exports, versionGetter);
  return exports;
}
