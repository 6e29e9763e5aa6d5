#pragma once

// Tells the C library's allocator to keep what is freed, so that a program finds its memory again in its next run.
void keepFreedMemory();
