// While the library computes, no signal may arrive in its threads.
#pragma once
#include <pthread.h>
#include <signal.h>
#if defined(RUNS_ON_OLD_SYSTEMS) && defined(__x86_64__)
// Since glibc 2.32 in libc itself, with a new version; before, in libpthread, which Node and Electron have loaded.
__asm__(".symver pthread_sigmask,pthread_sigmask@GLIBC_2.2.5");
#endif

// The matrix products of TensorFlow (oneDNN's generated code for AVX-512, used by Eigen's products too) hold other things
// in the stack pointer for a while. A signal that arrives then writes its frame there, into the heap: seen with a profiler
// and with SIGWINCH within a second, also in a plain C++ program; gone with signals blocked, and with handlers on a stack
// of their own, which are not ours to choose. What arrives meanwhile is delivered afterwards, or to another thread.
// Threads that are started inside inherit the block for good. Costs two system calls, under a microsecond.
class WithoutSignals {
 public:
  WithoutSignals() {
    sigset_t most;
    sigfillset(&most);
    // These come from the thread's own faults and cannot wait.
    for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) sigdelset(&most, own);
    pthread_sigmask(SIG_BLOCK, &most, &before);
  }
  ~WithoutSignals() { pthread_sigmask(SIG_SETMASK, &before, nullptr); }
  WithoutSignals(const WithoutSignals&) = delete;
  WithoutSignals& operator=(const WithoutSignals&) = delete;

 private:
  sigset_t before;
};
