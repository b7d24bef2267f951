#ifndef CK_LIMITS_H
#define CK_LIMITS_H

#include <stddef.h>

// What the machine can do at most, for kernels to be held against.

/// Runs `rounds` rounds of fp32 multiply-adds on registers alone, with the widest instructions of
/// the level; returns the multiply-adds done.
typedef double (*ck_peak_function)(size_t rounds);

/// Reads `count` bytes, a multiple of 256, at 64-byte alignment; the result depends on all of them.
float ck_read_memory(const void *bytes, size_t count);

#endif
