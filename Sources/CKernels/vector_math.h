#ifndef CK_VECTOR_MATH_H
#define CK_VECTOR_MATH_H

#include <stddef.h>

#include "fused.h"

// Branch-free scalar functions that the compiler turns into vector code inside loops.

/// Where `ck_exp` ends: it rises no more, or falls to 0.
static const float ck_exp_lowest = -87.3f, ck_exp_highest = 88.3f;

/// exp(x) for x in [-87.3, 88.3]: relative error below 2e-7 from -87 to 88, below 1.2e-38 before.
/// Cody-Waite reduction by ln 2 and a polynomial of degree 6.
CK_INLINE float ck_exp_within(float x) {
  // Adding 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits.
  const float shifted = ck_fused(x, 1.44269504f, 12582912.0f);
  const float n = shifted - 12582912.0f;
  const float r = ck_fused(n, 2.12194440e-4f, ck_fused(n, -0.693359375f, x));
  float p = 1.0f / 720;
  p = ck_fused(p, r, 1.0f / 120);
  p = ck_fused(p, r, 1.0f / 24);
  p = ck_fused(p, r, 1.0f / 6);
  p = ck_fused(p, r, 0.5f);
  p = ck_fused(p, r, 1.0f);
  p = ck_fused(p, r, 1.0f);
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
  p = ck_fused(p, q, 2.0f / 7);
  p = ck_fused(p, q, 2.0f / 5);
  p = ck_fused(p, q, 2.0f / 3);
  const float series = ck_fused(s * q, p, 2 * s);
  const float result = ck_fused(e, 0.693359375f, ck_fused(e, -2.12194440e-4f, series));
  return x < 1.17549435e-38f ? -__builtin_inff() : result;
}

// The same in double precision, for the few numbers of a row that are asked for exactly: those of
// the C library differ between machines in their last bit.

/// exp(x) for x in [-700, 700], 0 below: relative error below 1e-15.
CK_INLINE double ck_exp_wide(double x) {
  if (x < -700) {
    return 0;
  }
  const double shifted = x * 1.4426950408889634 + 6755399441055744.0;
  const double n = shifted - 6755399441055744.0;
  const double r = (x - n * 0.69314718036912382) - n * 1.9082149292705877e-10;
  static const double inverse_factorials[] = {
      1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880,
      1.0 / 40320,      1.0 / 5040,      1.0 / 720,      1.0 / 120,     1.0 / 24,
      1.0 / 6,          1.0 / 2,         1,              1};
  double p = 0;
  for (size_t k = 0; k < sizeof inverse_factorials / sizeof *inverse_factorials; k++) {
    p = p * r + inverse_factorials[k];
  }
  int64_t power, bits;
  memcpy(&power, &shifted, sizeof power);
  memcpy(&bits, &p, sizeof bits);
  bits += (int64_t)((uint64_t)power << 52);
  memcpy(&p, &bits, sizeof p);
  return p;
}

/// ln(x) for positive normal x: error below 1e-15 of the result or of 1.
CK_INLINE double ck_log_wide(double x) {
  int64_t bits;
  memcpy(&bits, &x, sizeof bits);
  // Mantissa in [sqrt(1/2), sqrt(2)).
  const int64_t shifted = bits - 0x3fe6a09e667f3bcd;
  const double e = (double)(shifted >> 52);
  const int64_t mantissa = bits - (shifted & (int64_t)0xfff0000000000000);
  double m;
  memcpy(&m, &mantissa, sizeof m);
  const double s = (m - 1) / (m + 1), q = s * s;
  double p = 0;
  for (int k = 25; k > 0; k -= 2) {
    p = p * q + 1.0 / k;
  }
  return e * 0.69314718036912382 + (2 * s * p + e * 1.9082149292705877e-10);
}

#endif
