// Several runs of one program at once. Small operations gain nothing from threads inside them; whole runs do.
#include <pthread.h>
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include "context.h"
#include "program.h"
#include "signals.h"
#if defined(RUNS_ON_OLD_SYSTEMS) && defined(__x86_64__)
// Since glibc 2.34 in libc itself, with a new version; before, in libpthread, which Node and Electron have loaded.
__asm__(".symver pthread_create,pthread_create@GLIBC_2.2.5");
__asm__(".symver pthread_detach,pthread_detach@GLIBC_2.2.5");
#endif

namespace {

// Each has the memory of a run.
constexpr size_t mostLanes = 16;

struct Runs {
  const Program& program;
  const Numbers& flat;
  const Numbers& into;
  const std::vector<TF_Tensor*>& fixed;
  const size_t count;
  std::atomic<size_t> next{0};
  // How many lanes have come.
  std::atomic<size_t> lanes{0};
  // The rest is guarded by the mutex of the lanes. How many of them may still come, and how many are at work.
  size_t places = 0;
  size_t working = 0;
  // Of the first run that failed; the others stop.
  std::string fault = "";
};

// Threads that wait for runs, of the whole process. Left to its end.
struct Lanes {
  std::mutex mutex;
  std::condition_variable wanted, done;
  std::deque<Runs*> waiting;
  size_t threads = 0;
};

Lanes& lanes() {
  static Lanes* const all = new Lanes;
  return *all;
}

// The results of a run, and the free inputs that it is given.
struct Own {
  std::vector<TF_Tensor*> tensors;
  ~Own() { clear(); }
  void clear() {
    for (TF_Tensor*& tensor : tensors) {
      if (tensor != nullptr) tf.TF_DeleteTensor(tensor);
      tensor = nullptr;
    }
  }
};

void runOne(const Runs& runs, size_t run, TF_Session* session, const std::vector<TF_Tensor*>& feeds, Own& results) {
  const Program& program = runs.program;
  size_t offset = run * program.freeSize;
  for (size_t i = 0; i < program.freeCount(); i++) {
    const size_t size = sizeOfShape(program.freeShapes[i]);
    copyIn(runs.flat, offset, size, tf.TF_TensorType(feeds[i]), tf.TF_TensorData(feeds[i]));
    offset += size;
  }
  Status status;
  tf.TF_SessionRun(session, nullptr, program.inputs.data(), feeds.data(), static_cast<int>(feeds.size()),
                   program.results.data(), results.tensors.data(), static_cast<int>(results.tensors.size()), nullptr,
                   0, nullptr, status);
  status.check("Running a program");
  const size_t each = runs.into.length / runs.count;
  size_t size = 0;
  for (const TF_Tensor* tensor : results.tensors) {
    const size_t count = static_cast<size_t>(tf.TF_TensorElementCount(tensor));
    if (size + count <= each) {
      copyOut(tf.TF_TensorType(tensor), tf.TF_TensorData(tensor), count, runs.into, run * each + size);
    }
    size += count;
  }
  if (size != each) {
    throw Fault("A program's results of " + std::to_string(size) + " values were to go into " + std::to_string(each) +
                ".");
  }
}

void takeRuns(Runs& runs) {
  try {
    const size_t lane = runs.lanes++;
    TF_Session* session = lane == 0 ? runs.program.session : runs.program.otherSessions[lane - 1];
    Own free, results;
    for (size_t i = 0; i < runs.program.freeCount(); i++) free.tensors.push_back(emptyFreeTensor(runs.program, i));
    results.tensors.resize(runs.program.results.size(), nullptr);
    std::vector<TF_Tensor*> feeds = free.tensors;
    feeds.insert(feeds.end(), runs.fixed.begin(), runs.fixed.end());
    for (size_t run; (run = runs.next++) < runs.count; results.clear()) runOne(runs, run, session, feeds, results);
  } catch (const std::exception& fault) {
    const std::lock_guard<std::mutex> lock(lanes().mutex);
    if (runs.fault.empty()) runs.fault = fault.what();
    runs.next = runs.count;
  }
}

void* lane(void*) {
  Lanes& all = lanes();
  std::unique_lock<std::mutex> lock(all.mutex);
  while (true) {
    all.wanted.wait(lock, [&] { return !all.waiting.empty(); });
    Runs& runs = *all.waiting.front();
    if (--runs.places == 0) all.waiting.pop_front();
    runs.working++;
    lock.unlock();
    takeRuns(runs);
    lock.lock();
    if (--runs.working == 0) all.done.notify_all();
  }
}

// Where the system has no further thread, those that there are do all of it.
void startLanes(Lanes& all, size_t count) {
  for (; all.threads < count; all.threads++) {
    pthread_t thread;
    if (pthread_create(&thread, nullptr, lane, nullptr) != 0) return;
    pthread_detach(thread);
  }
}

void shareRuns(Runs& runs, size_t others) {
  Lanes& all = lanes();
  {
    const std::lock_guard<std::mutex> lock(all.mutex);
    startLanes(all, others);
    runs.places = others;
    all.waiting.push_back(&runs);
    all.wanted.notify_all();
  }
  takeRuns(runs);
  std::unique_lock<std::mutex> lock(all.mutex);
  // A lane that has not come by now, because the processors are busy with something else, is not waited for.
  all.waiting.erase(std::remove(all.waiting.begin(), all.waiting.end(), &runs), all.waiting.end());
  all.done.wait(lock, [&] { return runs.working == 0; });
}

}  // namespace

void runSideBySide(Program& program, Environment& environment, const Numbers& flat,
                   const std::vector<int64_t>& fixed, const Numbers& into) {
  const size_t count = program.freeSize == 0 ? 1 : flat.length / program.freeSize;
  const size_t fixedCount = program.inputs.size() - program.freeCount();
  if (count == 0 || flat.length != count * program.freeSize || fixed.size() != fixedCount) {
    throw Fault("A run of the program takes " + std::to_string(program.freeSize) + " free values and " +
                std::to_string(fixedCount) + " fixed tensors; " + std::to_string(flat.length) + " and " +
                std::to_string(fixed.size()) + " were given.");
  }
  if (into.length % count != 0) {
    throw Fault("The results of " + std::to_string(count) + " runs cannot fill " + std::to_string(into.length) +
                " places.");
  }
  std::vector<TF_Tensor*> tensors;
  for (const int64_t id : fixed) tensors.push_back(environment.tensor(id).resolve());
  Runs runs{program, flat, into, tensors, count};
  // The lanes inherit the block.
  const WithoutSignals quiet;
  const size_t most = std::min({count, mostLanes, static_cast<size_t>(engineThreads())});
  while (program.otherSessions.size() + 1 < most) program.otherSessions.push_back(newSession(program, program.graph));
  if (most > 1) shareRuns(runs, most - 1);
  else takeRuns(runs);
  if (!runs.fault.empty()) throw Fault(runs.fault);
}
