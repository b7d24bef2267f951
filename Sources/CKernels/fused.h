// The arithmetic of all kernels: a level must give what every other one gives, bit for bit. Sums are
// in the order of one virtual vector of 16 lanes or of one element after the other, and products
// are added by `ck_fused` or rounded on their own, never as a compiler likes.
#ifndef CK_FUSED_H
#define CK_FUSED_H

#include <stdint.h>
#include <string.h>

#pragma clang fp contract(off)

#define CK_INLINE static inline __attribute__((always_inline))

// Whether the instruction set of a file has a fused multiply-add. Files of a level that brings one
// define this before.
#if !defined(CK_HAS_FMA) && (defined(__FMA__) || defined(__aarch64__))
#define CK_HAS_FMA 1
#endif

#if CK_HAS_FMA

/// a * b + c, rounded once.
CK_INLINE float ck_fused(float a, float b, float c) { return __builtin_fmaf(a, b, c); }

#else

/// a * b + c, rounded once, where no instruction does it: the product is exact in double precision.
/// The sum is rounded to odd there, so that rounding it again to fp32 is as if it had been exact
/// (Boldo and Melquiond, 2008).
CK_INLINE float ck_fused(float a, float b, float c) {
  const double product = (double)a * (double)b, addend = (double)c;
  const double sum = product + addend;
  const double part = sum - product;
  const double lost = (product - (sum - part)) + (addend - part);
  int64_t bits, lost_bits;
  memcpy(&bits, &sum, sizeof bits);
  memcpy(&lost_bits, &lost, sizeof lost_bits);
  const int64_t is_inexact = lost < 0 || lost > 0 ? -1 : 0;
  const int64_t is_even = (bits & 1) - 1;
  // Away from 0 or towards it.
  const int64_t step = (bits ^ lost_bits) < 0 ? -1 : 1;
  bits += step & is_inexact & is_even;
  double odd;
  memcpy(&odd, &bits, sizeof odd);
  return (float)odd;
}

#endif

#endif
