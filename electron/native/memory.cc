#include "memory.h"
#include <cstdlib>
#ifdef __GLIBC__
#include <malloc.h>
#endif

// With oneDNN on, the library pools arrays of 256 KiB and more itself; smaller ones (1,000 × 64 floats are 250 KiB) go
// to malloc, which by default gives memory above 128 KiB back to the system and fetches it again. Measured over runs of
// a graph with arrays of 250 KiB: 18 to 46 page faults a run in the main thread and 16 to 24 in a worker thread, the
// median up to 2.1 times the minimum; with these settings under 2 faults and 1.0 to 1.2 times. Larger limits gain
// nothing, and would keep the caller's own freed arrays from the system.
void keepFreedMemory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
#endif
}
