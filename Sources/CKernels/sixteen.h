// The virtual vector of 16 floats in which all levels sum rows.
#ifndef CK_SIXTEEN_H
#define CK_SIXTEEN_H

#include <stddef.h>

#include "fused.h"

enum { ck_lanes = 16 };

/// Sums of lanes; memory, as what holds it differs between levels.
typedef struct ck_sums {
  _Alignas(64) float of[ck_lanes];
} ck_sums;

/// The sum of the lanes: of those half of the lanes apart first, then a quarter, ...
CK_INLINE float ck_total(const ck_sums *sums) {
  float part[ck_lanes / 2];
  for (size_t i = 0; i < ck_lanes / 2; i++) {
    part[i] = sums->of[i] + sums->of[i + ck_lanes / 2];
  }
  for (size_t i = 0; i < 4; i++) {
    part[i] += part[i + 4];
  }
  return (part[0] + part[2]) + (part[1] + part[3]);
}

#if CK_HAS_FMA
typedef float ck_sixteen __attribute__((vector_size(ck_lanes * sizeof(float))));
#endif

/// The sum of x[i] * y[i] for `count` elements, element i in lane i % 16; of x[i] where y is null.
CK_INLINE float ck_sum_products(const float *x, const float *y, size_t count) {
  ck_sums sums = {{0}};
  const size_t whole = count / ck_lanes * ck_lanes;
#if CK_HAS_FMA
  ck_sixteen sum = {0};
  for (size_t i = 0; i < whole; i += ck_lanes) {
    ck_sixteen a, b;
    memcpy(&a, x + i, sizeof a);
    if (y) {
      memcpy(&b, y + i, sizeof b);
      sum = __builtin_elementwise_fma(a, b, sum);
    } else {
      sum += a;
    }
  }
  memcpy(&sums, &sum, sizeof sums);
#else
  for (size_t i = 0; i < whole; i++) {
    float *sum = &sums.of[i % ck_lanes];
    *sum = y ? ck_fused(x[i], y[i], *sum) : *sum + x[i];
  }
#endif
  for (size_t i = whole; i < count; i++) {
    float *sum = &sums.of[i - whole];
    *sum = y ? ck_fused(x[i], y[i], *sum) : *sum + x[i];
  }
  return ck_total(&sums);
}

#endif
