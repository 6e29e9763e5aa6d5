// TensorFlow's libraries, opened when the engine is loaded and not by the linker: so that the variables that they read
// while they are loaded can be set first, that a missing or foreign library is an error with a sentence, and that one
// compiled addon serves every version and folder.
#pragma once
#include <stdexcept>
#include <string>
#include "tensorflow-c.h"

// Anything that ends a call: thrown to the caller as a JavaScript `Error` with this message.
struct Fault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Library {
#define MEMBER(result, name, parameters) result(*name) parameters;
  TENSORFLOW_FUNCTIONS(MEMBER)
#undef MEMBER
};

extern Library tf;

// Opens the two libraries in `folder`; once a process, a second call with the same folder does nothing.
void openLibrary(const std::string& folder);
bool isLibraryOpen();

// While this lives, a session that is started gets threads of its own (`own`), or else those that all share, where its
// configuration would not be looked at. The library has no function for that: its flag is a C++ variable, which has been
// among its symbols since 2.0. Where it is not, sessions share the threads; their results are as right.
class SessionThreads {
 public:
  explicit SessionThreads(bool own);
  ~SessionThreads();
  SessionThreads(const SessionThreads&) = delete;
  SessionThreads& operator=(const SessionThreads&) = delete;
};

// A status of the library that throws its message.
class Status {
 public:
  Status() : status_(tf.TF_NewStatus()) {}
  ~Status() { tf.TF_DeleteStatus(status_); }
  Status(const Status&) = delete;
  Status& operator=(const Status&) = delete;
  operator TF_Status*() { return status_; }
  bool ok() const { return tf.TF_GetCode(status_) == TF_OK; }
  void check(const char* during) const {
    if (!ok()) throw Fault(std::string(during) + ": " + tf.TF_Message(status_));
  }

 private:
  TF_Status* status_;
};
