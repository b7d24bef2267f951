#ifndef CK_VECTOR_MATH_H
#define CK_VECTOR_MATH_H

#include <stdint.h>
#include <string.h>

#define CK_INLINE static inline __attribute__((always_inline))

// Branch-free scalar functions that the compiler turns into vector code inside loops.

/// exp(x): relative error below 2e-7 for x in [-87, 88]; 0 below -87.3, exp(88.3) above.
/// Cody-Waite reduction by ln 2 and a polynomial of degree 6.
CK_INLINE float ck_exp(float x) {
#pragma clang fp reassociate(off) contract(fast)
  const float lowest = -87.3f;
  const float highest = 88.3f;
  const float kept = x < lowest ? lowest : x > highest ? highest : x;
  // Adding 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits.
  const float shifted = kept * 1.44269504f + 12582912.0f;
  const float n = shifted - 12582912.0f;
  const float r = (kept - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  const int32_t power = (int32_t)((uint32_t)bits << 23) + 0x3f800000;
  float scale;
  memcpy(&scale, &power, sizeof scale);
  return x < lowest ? 0 : p * scale;
}

/// ln(x) for x >= 0: relative error below 3e-7 away from 1, absolute near it; ln(0) is -inf,
/// subnormal x counts as 0.
CK_INLINE float ck_log(float x) {
#pragma clang fp reassociate(off) contract(fast)
  int32_t bits;
  memcpy(&bits, &x, sizeof bits);
  // Mantissa in [sqrt(1/2), sqrt(2)).
  const int32_t shifted = bits - 0x3f3504f3;
  const float e = (float)(shifted >> 23);
  const int32_t mantissa = bits - (shifted & (int32_t)0xff800000);
  float m;
  memcpy(&m, &mantissa, sizeof m);
  // ln m = 2 atanh(s), s = (m - 1) / (m + 1), |s| <= 0.1716.
  const float s = (m - 1) / (m + 1);
  const float q = s * s;
  float p = 2.0f / 9;
  p = p * q + 2.0f / 7;
  p = p * q + 2.0f / 5;
  p = p * q + 2.0f / 3;
  const float series = s * q * p + 2 * s;
  const float result = e * 0.693359375f + (series - e * 2.12194440e-4f);
  return x < 1.17549435e-38f ? -__builtin_inff() : result;
}

#endif
