#include "memory.h"
#include <cstdlib>
#ifdef __GLIBC__
#include <malloc.h>
#endif

void keepFreedMemory() {
#ifdef __GLIBC__
  if (getenv("N1_MALLOPT")) {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 2000000000);
  mallopt(M_TOP_PAD, 64 << 20);
  if (getenv("N1_MALLOPT")[0] == '2') mallopt(M_MMAP_MAX, 0);
  }
#endif
}
