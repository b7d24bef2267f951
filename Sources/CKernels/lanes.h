// Vectors of CK_WIDTH floats or 32-bit integers. A file defines CK_WIDTH and CK_PART (attributes of
// inlined parts), then includes this one.

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "fused.h"
#include "include/linear.h"

enum { width = CK_WIDTH };

typedef float lanes __attribute__((vector_size(CK_WIDTH * sizeof(float))));
typedef int32_t ints __attribute__((vector_size(CK_WIDTH * sizeof(int32_t))));

typedef uint32_t uints __attribute__((vector_size(CK_WIDTH * sizeof(uint32_t))));

CK_PART lanes load(const float *x) {
  lanes value;
  memcpy(&value, x, sizeof value);
  return value;
}

CK_PART ints load_ints(const void *x) {
  ints value;
  memcpy(&value, x, sizeof value);
  return value;
}

/// The 16-bit integers in the low and in the high halves.
CK_PART ints low_halves(ints x) { return x << 16 >> 16; }

CK_PART ints high_halves(ints x) { return x >> 16; }

/// The low or the high four bits of each byte.
CK_PART ints load_nibbles(const void *x, bool high) {
  const ints bytes = load_ints(x);
  return (high ? bytes >> 4 : bytes) & 0x0f0f0f0f;
}

CK_PART lanes to_floats(ints x) { return __builtin_convertvector(x, lanes); }

/// Taking 0 away changes no value, unlike adding it.
CK_PART lanes splat(float x) { return x - (lanes){0}; }

CK_PART ints splat_ints(int32_t x) { return x - (ints){0}; }

CK_PART void store(float *x, lanes value) { memcpy(x, &value, sizeof value); }

#if CK_HAS_FMA

/// a * b + c, rounded once.
CK_PART lanes fused(lanes a, lanes b, lanes c) { return __builtin_elementwise_fma(a, b, c); }

#else

typedef double doubles __attribute__((vector_size(CK_WIDTH * sizeof(double))));
typedef int64_t longs __attribute__((vector_size(CK_WIDTH * sizeof(int64_t))));

/// a * b + c, rounded once, as `ck_fused` does it.
CK_PART lanes fused(lanes a, lanes b, lanes c) {
  const doubles product = __builtin_convertvector(a, doubles) * __builtin_convertvector(b, doubles);
  const doubles addend = __builtin_convertvector(c, doubles);
  const doubles sum = product + addend;
  const doubles part = sum - product;
  const doubles lost = (product - (sum - part)) + (addend - part);
  const longs is_inexact = (lost < 0) | (lost > 0);
  const longs is_even = ((longs)sum & 1) - 1;
  const longs step = (((longs)sum ^ (longs)lost) < 0) | 1;
  return __builtin_convertvector((doubles)((longs)sum + (step & is_inexact & is_even)), lanes);
}

#endif

/// Puts sums of outputs [column, column + width) where a product goes; outputs past the last are
/// left out.
CK_PART void store_sums(const ck_linear_target *target, size_t row, size_t column, lanes sums) {
  const size_t columns = target->out > column ? target->out - column : 0;
  float *y = target->y + row * target->y_stride + column;
  const lanes scale = splat(target->scale);
  if (columns >= width) {
    store(y, target->accumulate ? fused(sums, scale, load(y)) : sums * scale);
    return;
  }
  for (size_t c = 0; c < columns; c++) {
    y[c] = target->accumulate ? ck_fused(sums[c], target->scale, y[c]) : sums[c] * target->scale;
  }
}
