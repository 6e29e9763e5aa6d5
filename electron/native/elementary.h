#pragma once

// Registers kernels of our own for elementary functions of single-precision tensors on processors that can multiply and
// add at once (AVX2 or AVX-512); elsewhere the library's stay. Once a process, before the first operation runs.
void registerElementaryKernels();
