// Row kernels as inline loops: a level includes this file and calls them from functions compiled for
// its instruction set.
#ifndef CK_ROW_LOOPS_H
#define CK_ROW_LOOPS_H

#include <math.h>
#include <stddef.h>

#include "vector_math.h"

CK_INLINE void ck_loop_rms_norm(
    const float *x, size_t x_stride, const float *weight, size_t heads, size_t size, float epsilon,
    float *y, size_t y_stride, size_t row, size_t row_end) {
#pragma clang fp reassociate(on) contract(fast)
  for (; row < row_end; row++) {
    for (size_t head = 0; head < heads; head++) {
      const float *source = x + row * x_stride + head * size;
      float *target = y + row * y_stride + head * size;
      float sum = 0;
      for (size_t i = 0; i < size; i++) {
        sum += source[i] * source[i];
      }
      const float factor = 1 / sqrtf(sum / (float)size + epsilon);
      for (size_t i = 0; i < size; i++) {
        target[i] = source[i] * factor * weight[i];
      }
    }
  }
}

CK_INLINE void ck_loop_rotate(
    float *x, size_t x_stride, size_t heads, size_t head_size, size_t rotary, const float *cosines,
    const float *sines, size_t row, size_t row_end) {
  const size_t half = rotary / 2;
  for (; row < row_end; row++) {
    const float *restrict c = cosines + row * half;
    const float *restrict s = sines + row * half;
    for (size_t head = 0; head < heads; head++) {
      float *restrict low = x + row * x_stride + head * head_size;
      float *restrict high = low + half;
      for (size_t i = 0; i < half; i++) {
        const float a = low[i], b = high[i];
        low[i] = a * c[i] - b * s[i];
        high[i] = b * c[i] + a * s[i];
      }
    }
  }
}

CK_INLINE void ck_loop_swiglu(
    const float *gate, size_t gate_stride, const float *up, size_t up_stride, size_t columns,
    float *y, size_t y_stride, size_t row, size_t row_end) {
  for (; row < row_end; row++) {
    const float *g = gate + row * gate_stride;
    const float *u = up + row * up_stride;
    float *target = y + row * y_stride;
    for (size_t i = 0; i < columns; i++) {
      target[i] = g[i] / (1 + ck_exp(-g[i])) * u[i];
    }
  }
}

CK_INLINE void ck_loop_add(
    const float *x, size_t x_stride, size_t columns, float *y, size_t y_stride, size_t row,
    size_t row_end) {
  for (; row < row_end; row++) {
    const float *source = x + row * x_stride;
    float *target = y + row * y_stride;
    for (size_t i = 0; i < columns; i++) {
      target[i] += source[i];
    }
  }
}

#endif
