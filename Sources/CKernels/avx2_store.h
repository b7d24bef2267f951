// How a row of sixteen sums leaves the AVX2 kernels.
#ifndef CK_AVX2_STORE_H
#define CK_AVX2_STORE_H

#include <immintrin.h>

#include "include/linear.h"

static inline __attribute__((target("avx2,fma"), always_inline)) void ck_avx2_store_row(
    const ck_linear_target *target, size_t row, size_t column, __m256 low, __m256 high) {
  const size_t columns = target->out - column;
  float *y = target->y + row * target->y_stride + column;
  low = _mm256_mul_ps(low, _mm256_set1_ps(target->scale));
  high = _mm256_mul_ps(high, _mm256_set1_ps(target->scale));
  if (columns >= CK_PANEL) {
    if (target->accumulate) {
      low = _mm256_add_ps(low, _mm256_loadu_ps(y));
      high = _mm256_add_ps(high, _mm256_loadu_ps(y + 8));
    }
    _mm256_storeu_ps(y, low);
    _mm256_storeu_ps(y + 8, high);
    return;
  }
  float sums[CK_PANEL];
  _mm256_storeu_ps(sums, low);
  _mm256_storeu_ps(sums + 8, high);
  for (size_t c = 0; c < columns; c++) {
    y[c] = target->accumulate ? y[c] + sums[c] : sums[c];
  }
}

#endif
