#include "include/quantize.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "half.h"

// Block layouts are those of dequantize.c.

static void write_u16(uint8_t *p, uint32_t value) {
  p[0] = (uint8_t)value;
  p[1] = (uint8_t)(value >> 8);
}

static float write_half(uint8_t *p, float value) {
  write_u16(p, ck_float_to_half(value));
  return value;
}

static void f16_block(const float *x, uint8_t *p) { write_half(p, *x); }

static void bf16_block(const float *x, uint8_t *p) { write_u16(p, ck_float_to_bf16(*x)); }

static void q8_0_block(const float *x, uint8_t *p) {
  float largest = 0;
  for (int i = 0; i < 32; i++) {
    largest = fmaxf(largest, fabsf(x[i]));
  }
  const float d = write_half(p, largest / 127);
  const float inverse = d > 0 ? 1 / d : 0;
  for (int i = 0; i < 32; i++) {
    ((int8_t *)p)[2 + i] = (int8_t)roundf(x[i] * inverse);
  }
}

/// The value of largest magnitude, with its sign.
static float extreme(const float *x) {
  float best = 0;
  for (int i = 0; i < 32; i++) {
    if (fabsf(x[i]) > fabsf(best)) {
      best = x[i];
    }
  }
  return best;
}

static void range(const float *x, float *low, float *high) {
  *low = *high = x[0];
  for (int i = 1; i < 32; i++) {
    *low = fminf(*low, x[i]);
    *high = fmaxf(*high, x[i]);
  }
}

/// (x - offset) / d, rounded down after `rounding` is added, within 0...top.
static void levels(const float *x, float d, float offset, float rounding, int top, int *q) {
  const float inverse = d != 0 ? 1 / d : 0;
  for (int i = 0; i < 32; i++) {
    const int level = (int)((x[i] - offset) * inverse + rounding);
    q[i] = level < 0 ? 0 : level > top ? top : level;
  }
}

static void nibbles(const int *q, uint8_t *p) {
  for (int j = 0; j < 16; j++) {
    p[j] = (uint8_t)((q[j] & 15) | (q[j + 16] & 15) << 4);
  }
}

static void fifth_bits(const int *q, uint8_t *p) {
  uint32_t high = 0;
  for (int i = 0; i < 32; i++) {
    high |= (uint32_t)(q[i] >> 4 & 1) << i;
  }
  write_u16(p, high);
  write_u16(p + 2, high >> 16);
}

static void q4_0_block(const float *x, uint8_t *p) {
  int q[32];
  levels(x, write_half(p, extreme(x) / -8), 0, 8.5f, 15, q);
  nibbles(q, p + 2);
}

static void q5_0_block(const float *x, uint8_t *p) {
  int q[32];
  levels(x, write_half(p, extreme(x) / -16), 0, 16.5f, 31, q);
  fifth_bits(q, p + 2);
  nibbles(q, p + 6);
}

static void q4_1_block(const float *x, uint8_t *p) {
  int q[32];
  float low, high;
  range(x, &low, &high);
  levels(x, write_half(p, (high - low) / 15), write_half(p + 2, low), 0.5f, 15, q);
  nibbles(q, p + 4);
}

static void q5_1_block(const float *x, uint8_t *p) {
  int q[32];
  float low, high;
  range(x, &low, &high);
  levels(x, write_half(p, (high - low) / 31), write_half(p + 2, low), 0.5f, 31, q);
  fifth_bits(q, p + 4);
  nibbles(q, p + 8);
}

typedef void (*block_function)(const float *x, uint8_t *p);

int ck_quantize(ck_type type, const float *source, void *target, size_t count) {
  static const struct {
    block_function encode;
    size_t values, bytes;
  } formats[] = {
      [ck_type_f16] = {f16_block, 1, 2},     [ck_type_bf16] = {bf16_block, 1, 2},
      [ck_type_q8_0] = {q8_0_block, 32, 34}, [ck_type_q4_0] = {q4_0_block, 32, 18},
      [ck_type_q4_1] = {q4_1_block, 32, 20}, [ck_type_q5_0] = {q5_0_block, 32, 22},
      [ck_type_q5_1] = {q5_1_block, 32, 24},
  };
  if (type == ck_type_f32) {
    memcpy(target, source, count * sizeof(float));
    return 1;
  }
  if (type < 0 || (size_t)type >= sizeof formats / sizeof formats[0] || !formats[type].encode) {
    return 0;
  }
  uint8_t *p = target;
  for (size_t i = 0; i < count; i += formats[type].values) {
    formats[type].encode(source + i, p);
    p += formats[type].bytes;
  }
  return 1;
}
