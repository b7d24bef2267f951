// How a row of sums leaves the portable kernels.
#ifndef CK_PORTABLE_STORE_H
#define CK_PORTABLE_STORE_H

#include "include/linear.h"

/// Stores `count` sums, fewer at the end of a row.
static inline void ck_portable_store_row(
    const ck_linear_target *target, size_t row, size_t column, size_t count, const float *sums) {
  const size_t rest = target->out - column;
  float *y = target->y + row * target->y_stride + column;
  for (size_t c = 0; c < (count < rest ? count : rest); c++) {
    const float value = target->scale * sums[c];
    y[c] = target->accumulate ? y[c] + value : value;
  }
}

#endif
