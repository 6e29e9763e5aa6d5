// For the addon that is shipped ready-made: it is compiled on a newer system than the oldest it is to run on. With these
// lines, libstdc++ linked in and -DRUNS_ON_OLD_SYSTEMS, it needs no symbol of glibc that is younger than 2.14.
#pragma once
#if defined(RUNS_ON_OLD_SYSTEMS) && defined(__x86_64__)
// Since glibc 2.34 these are in libc itself, with a new version; before, in libdl, which Node and Electron have loaded.
__asm__(".symver dlopen,dlopen@GLIBC_2.2.5");
__asm__(".symver dlsym,dlsym@GLIBC_2.2.5");
__asm__(".symver dlerror,dlerror@GLIBC_2.2.5");
// Of glibc 2.32, asked for by libstdc++ to leave out locks in programs with one thread; these have more.
extern "C" __attribute__((visibility("hidden"))) char __libc_single_threaded = 0;
#endif
