// How a row of sixteen sums leaves the AVX-512 and AMX kernels.
#ifndef CK_AVX512_STORE_H
#define CK_AVX512_STORE_H

#include <immintrin.h>

#include "include/linear.h"

static inline __attribute__((target("avx512f"), always_inline)) void ck_avx512_store_row(
    const ck_linear_target *target, size_t row, size_t column, __m512 sums) {
  const size_t columns = target->out - column;
  float *y = target->y + row * target->y_stride + column;
  const __mmask16 kept = columns >= CK_PANEL ? 0xffff : (__mmask16)((1u << columns) - 1);
  sums = _mm512_mul_ps(sums, _mm512_set1_ps(target->scale));
  if (target->accumulate) {
    sums = _mm512_add_ps(sums, _mm512_maskz_loadu_ps(kept, y));
  }
  _mm512_mask_storeu_ps(y, kept, sums);
}

#endif
