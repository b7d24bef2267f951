#ifndef CK_VECTOR_MATH_H
#define CK_VECTOR_MATH_H

#include <stdint.h>
#include <string.h>

#define CK_INLINE static inline __attribute__((always_inline))

// Branch-free scalar functions that the compiler turns into vector code inside loops.

/// Where `ck_exp` ends: it rises no more, or falls to 0.
static const float ck_exp_lowest = -87.3f, ck_exp_highest = 88.3f;

/// exp(x) for x in [-87.3, 88.3]: relative error below 2e-7 from -87 to 88, below 1.2e-38 before.
/// Cody-Waite reduction by ln 2 and a polynomial of degree 6.
CK_INLINE float ck_exp_within(float x) {
#pragma clang fp reassociate(off) contract(fast)
  // Adding 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits.
  const float shifted = x * 1.44269504f + 12582912.0f;
  const float n = shifted - 12582912.0f;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  // The integer goes to the exponent.
  uint32_t power, bits;
  memcpy(&power, &shifted, sizeof power);
  memcpy(&bits, &p, sizeof bits);
  bits += power << 23;
  memcpy(&p, &bits, sizeof p);
  return p;
}

/// The same for x below -87.3, where it is not quite 0: about 1e-38.
CK_INLINE float ck_exp_from(float x) {
  return ck_exp_within(x < ck_exp_lowest ? ck_exp_lowest : x);
}

/// exp(x): relative error below 2e-7 for x in [-87, 88]; 0 below -87.3, exp(88.3) above.
CK_INLINE float ck_exp(float x) {
  const float result = ck_exp_from(x > ck_exp_highest ? ck_exp_highest : x);
  return x < ck_exp_lowest ? 0 : result;
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
