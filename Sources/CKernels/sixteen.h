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

/// Adds x[i] * y[i] to lane i.
CK_INLINE void ck_add_products(const float *x, const float *y, ck_sums *sums) {
  for (size_t i = 0; i < ck_lanes; i++) {
    sums->of[i] = ck_fused(x[i], y[i], sums->of[i]);
  }
}

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

#endif
