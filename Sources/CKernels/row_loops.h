// Row kernels as inline loops: a level includes this file and calls them from functions compiled
// for its instruction set.
#ifndef CK_ROW_LOOPS_H
#define CK_ROW_LOOPS_H

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "include/linear.h"
#include "half.h"
#include "sixteen.h"
#include "vector_math.h"

enum { ck_block = 32 };

CK_INLINE void ck_loop_rms_norm(
    const float *x, size_t x_stride, const float *weight, size_t heads, size_t size, float epsilon,
    float *y, size_t y_stride, size_t row, size_t row_end) {
  for (; row < row_end; row++) {
    for (size_t head = 0; head < heads; head++) {
      const float *source = x + row * x_stride + head * size;
      float *target = y + row * y_stride + head * size;
      const float sum = ck_sum_products(source, source, size);
      const float factor = 1 / sqrtf(sum / (float)size + epsilon);
      // Through a block of our own, as x and y may be the same.
      float results[ck_block];
      size_t first = 0;
      for (; first + ck_block <= size; first += ck_block) {
        for (size_t i = 0; i < ck_block; i++) {
          results[i] = source[first + i] * factor * weight[first + i];
        }
        memcpy(target + first, results, sizeof results);
      }
      for (; first < size; first++) {
        target[first] = source[first] * factor * weight[first];
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
        low[i] = ck_fused(a, c[i], -(b * s[i]));
        high[i] = ck_fused(b, c[i], a * s[i]);
      }
    }
  }
}

CK_INLINE float ck_swiglu(float gate, float up) {
  const float x = -gate;
  return gate / (1 + ck_exp_from(x > ck_exp_highest ? ck_exp_highest : x)) * up;
}

CK_INLINE void ck_loop_swiglu(
    const float *gate, size_t gate_stride, const float *up, size_t up_stride, size_t columns,
    float *y, size_t y_stride, size_t row, size_t row_end) {
  for (; row < row_end; row++) {
    const float *g = gate + row * gate_stride;
    const float *u = up + row * up_stride;
    float *target = y + row * y_stride;
    // Through a block of our own: y may be gate, and the compiler would then go one by one.
    float results[ck_block];
    size_t first = 0;
    for (; first + ck_block <= columns; first += ck_block) {
      for (size_t i = 0; i < ck_block; i++) {
        results[i] = ck_swiglu(g[first + i], u[first + i]);
      }
      memcpy(target + first, results, sizeof results);
    }
    for (; first < columns; first++) {
      target[first] = ck_swiglu(g[first], u[first]);
    }
  }
}

CK_INLINE void ck_loop_add(
    const float *x, size_t x_stride, float scale, size_t columns, float *y, size_t y_stride,
    size_t row, size_t row_end) {
  for (; row < row_end; row++) {
    const float *source = x + row * x_stride;
    float *target = y + row * y_stride;
    for (size_t i = 0; i < columns; i++) {
      target[i] = ck_fused(scale, source[i], target[i]);
    }
  }
}

/// bfloat16 numbers in 4 bytes.
CK_INLINE void ck_loop_round(
    const float *x, size_t x_stride, size_t in, float *target, size_t row, size_t row_end) {
  const size_t padded = ck_bf16_padded(in);
  for (; row < row_end; row++) {
    for (size_t k = 0; k < in; k++) {
      target[row * padded + k] =
          ck_bits_to_float((uint32_t)ck_float_to_normal_bf16(x[row * x_stride + k]) << 16);
    }
    memset(target + row * padded + in, 0, (padded - in) * sizeof *target);
  }
}

/// One group of `count` <= 64 activations, the rest zeros.
CK_INLINE void ck_quantize_group(
    const float *x, size_t count, ck_q8_range range, int8_t *values, float *scale,
    int32_t *start, int16_t *sums) {
  float padded[CK_GROUP];
  if (count < CK_GROUP) {
    memset(padded, 0, sizeof padded);
    memcpy(padded, x, count * sizeof(float));
    x = padded;
  }
  enum { lanes = 16 };
  typedef float floats __attribute__((vector_size(lanes * 4)));
  typedef int32_t ints __attribute__((vector_size(lanes * 4)));
  typedef int8_t bytes __attribute__((vector_size(lanes)));
  floats inputs[CK_GROUP / lanes];
  memcpy(inputs, x, sizeof inputs);
  // Magnitudes compare like the integers of their bits.
  ints highest = {0};
  for (size_t i = 0; i < CK_GROUP / lanes; i++) {
    highest = __builtin_elementwise_max(highest, (ints)inputs[i] & 0x7fffffff);
  }
  const int32_t highest_bits = __builtin_reduce_max(highest);
  float maximum;
  memcpy(&maximum, &highest_bits, sizeof maximum);
  const float inverse = maximum > 0 ? (float)range.activation / maximum : 0;
  *scale = maximum / (float)range.activation;
  int32_t total = 0;
  for (size_t half = 0; half < 2; half++) {
    ints rounded_sum = {0};
    for (size_t i = half * CK_GROUP / 2; i < (half + 1) * CK_GROUP / 2; i += lanes) {
      // Rounds to nearest, ties to even, as in ck_exp.
      floats shifted;
      for (size_t lane = 0; lane < lanes; lane++) {
        shifted[lane] = ck_fused(inputs[i / lanes][lane], inverse, 12582912.0f);
      }
      const ints rounded = (ints)shifted - 0x4b400000;
      const bytes narrow = __builtin_convertvector(rounded, bytes);
      memcpy(values + i, &narrow, sizeof narrow);
      rounded_sum += rounded;
    }
    const int32_t sum = __builtin_reduce_add(rounded_sum);
    total += sum;
    sums[half] = (int16_t)sum;
  }
  *start = -range.zero * total;
}

CK_INLINE void ck_loop_quantize(
    const float *x, size_t x_stride, size_t in, ck_q8_range range, const ck_q8_rows *target,
    size_t row, size_t row_end) {
  const size_t groups = (in + CK_GROUP - 1) / CK_GROUP;
  for (; row < row_end; row++) {
    for (size_t g = 0; g < groups; g++) {
      const size_t first = g * CK_GROUP;
      const size_t count = in - first < CK_GROUP ? in - first : CK_GROUP;
      const size_t index = row * target->groups + g;
      ck_quantize_group(
          x + row * x_stride + first, count, range, target->values + index * CK_GROUP,
          &target->scales[index], &target->starts[index], target->sums + 2 * index);
    }
  }
}

#endif
