#include "include/dequantize.h"

#include <stdint.h>
#include <string.h>

#include "half.h"

// Block layouts are those of GGML: little-endian, packed, legacy types in blocks of 32 values and K
// types in superblocks of 256. In legacy 4- and 5-bit types byte j holds value j in its low nibble
// and value j + 16 in its high nibble.

static uint16_t read_u16(const uint8_t *p) { return (uint16_t)(p[0] | p[1] << 8); }

/// IEEE binary16 at `p`.
static float read_half(const uint8_t *p) { return ck_half_to_float(read_u16(p)); }

static void f16_block(const uint8_t *p, float *y) { *y = read_half(p); }

static void bf16_block(const uint8_t *p, float *y) {
  *y = ck_bits_to_float((uint32_t)read_u16(p) << 16);
}

static void q8_0_block(const uint8_t *p, float *y) {
  const float d = read_half(p);
  const int8_t *q = (const int8_t *)(p + 2);
  for (int i = 0; i < 32; i++) {
    y[i] = d * (float)q[i];
  }
}

static void q4_0_block(const uint8_t *p, float *y) {
  const float d = read_half(p);
  for (int j = 0; j < 16; j++) {
    const uint8_t q = p[2 + j];
    y[j] = d * (float)((q & 15) - 8);
    y[j + 16] = d * (float)((q >> 4) - 8);
  }
}

static void q4_1_block(const uint8_t *p, float *y) {
  const float d = read_half(p), m = read_half(p + 2);
  for (int j = 0; j < 16; j++) {
    const uint8_t q = p[4 + j];
    y[j] = d * (float)(q & 15) + m;
    y[j + 16] = d * (float)(q >> 4) + m;
  }
}

/// Values 0...31 of a 5-bit block: four bits in nibbles, the fifth in a 32-bit field.
static void five_bits(const uint8_t *high, const uint8_t *q, float *y) {
  const uint32_t h =
      high[0] | (uint32_t)high[1] << 8 | (uint32_t)high[2] << 16 | (uint32_t)high[3] << 24;
  for (int j = 0; j < 16; j++) {
    y[j] = (float)((q[j] & 15) | (int)(h >> j & 1) << 4);
    y[j + 16] = (float)((q[j] >> 4) | (int)(h >> (j + 16) & 1) << 4);
  }
}

static void q5_0_block(const uint8_t *p, float *y) {
  const float d = read_half(p);
  five_bits(p + 2, p + 6, y);
  for (int i = 0; i < 32; i++) {
    y[i] = d * (y[i] - 16);
  }
}

static void q5_1_block(const uint8_t *p, float *y) {
  const float d = read_half(p), m = read_half(p + 2);
  five_bits(p + 4, p + 8, y);
  for (int i = 0; i < 32; i++) {
    y[i] = d * y[i] + m;
  }
}

/// 16 groups of 16 values of two bits, each group with a 4-bit scale and a 4-bit minimum.
static void q2_k_block(const uint8_t *p, float *y) {
  const uint8_t *scales = p, *q = p + 16;
  const float d = read_half(p + 80), dmin = read_half(p + 82);
  for (int i = 0; i < 256; i++) {
    const uint8_t s = scales[i / 16];
    const int value = q[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
    y[i] = d * (float)(s & 15) * (float)value - dmin * (float)(s >> 4);
  }
}

/// 16 groups of 16 values of three bits (the third inverted, in `mask`), 6-bit signed scales.
static void q3_k_block(const uint8_t *p, float *y) {
  const uint8_t *mask = p, *q = p + 32, *packed = p + 96;
  const float d = read_half(p + 108);
  for (int i = 0; i < 256; i++) {
    const int g = i / 16;
    const int low = g < 8 ? packed[g] & 15 : packed[g - 8] >> 4;
    const int high = packed[8 + g % 4] >> (g / 4 * 2) & 3;
    const int scale = (low | high << 4) - 32;
    const int bits = q[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
    const int value = bits - (mask[i % 32] >> (i / 32) & 1 ? 0 : 4);
    y[i] = d * (float)scale * (float)value;
  }
}

/// The 6-bit scale and minimum of group `g` in the 12 bytes of a Q4_K or Q5_K block.
static void k_scale(const uint8_t *packed, int g, float *scale, float *minimum) {
  if (g < 4) {
    *scale = (float)(packed[g] & 63);
    *minimum = (float)(packed[g + 4] & 63);
  } else {
    *scale = (float)((packed[g + 4] & 15) | packed[g - 4] >> 6 << 4);
    *minimum = (float)(packed[g + 4] >> 4 | packed[g] >> 6 << 4);
  }
}

static void q4_k_block(const uint8_t *p, float *y) {
  const float d = read_half(p), dmin = read_half(p + 2);
  const uint8_t *q = p + 16;
  for (int g = 0; g < 8; g++) {
    float scale, minimum;
    k_scale(p + 4, g, &scale, &minimum);
    for (int j = 0; j < 32; j++) {
      const int value = q[g / 2 * 32 + j] >> (g % 2 * 4) & 15;
      y[g * 32 + j] = d * scale * (float)value - dmin * minimum;
    }
  }
}

static void q5_k_block(const uint8_t *p, float *y) {
  const float d = read_half(p), dmin = read_half(p + 2);
  const uint8_t *high = p + 16, *q = p + 48;
  for (int g = 0; g < 8; g++) {
    float scale, minimum;
    k_scale(p + 4, g, &scale, &minimum);
    for (int j = 0; j < 32; j++) {
      const int value = (q[g / 2 * 32 + j] >> (g % 2 * 4) & 15) | (high[j] >> g & 1) << 4;
      y[g * 32 + j] = d * scale * (float)value - dmin * minimum;
    }
  }
}

static void q6_k_block(const uint8_t *p, float *y) {
  const uint8_t *low = p, *high = p + 128;
  const int8_t *scales = (const int8_t *)(p + 192);
  const float d = read_half(p + 208);
  for (int i = 0; i < 256; i++) {
    const int half = i / 128, part = i % 128 / 32, j = i % 32;
    const int four = low[half * 64 + part % 2 * 32 + j] >> (part / 2 * 4) & 15;
    const int two = high[half * 32 + j] >> (part * 2) & 3;
    y[i] = d * (float)scales[i / 16] * (float)((four | two << 4) - 32);
  }
}

/// The values a nibble stands for in the non-linear types.
static const int8_t nonlinear[16] = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

static void nonlinear_group(float d, const uint8_t *q, float *y) {
  for (int j = 0; j < 16; j++) {
    y[j] = d * (float)nonlinear[q[j] & 15];
    y[j + 16] = d * (float)nonlinear[q[j] >> 4];
  }
}

static void iq4_nl_block(const uint8_t *p, float *y) { nonlinear_group(read_half(p), p + 2, y); }

static void iq4_xs_block(const uint8_t *p, float *y) {
  const float d = read_half(p);
  const int high = read_u16(p + 2);
  for (int g = 0; g < 8; g++) {
    const int scale = (p[4 + g / 2] >> (g % 2 * 4) & 15) | (high >> (2 * g) & 3) << 4;
    nonlinear_group(d * (float)(scale - 32), p + 8 + g * 16, y + g * 32);
  }
}

typedef void (*block_function)(const uint8_t *p, float *y);

static const struct {
  block_function decode;
  size_t values, bytes;
} formats[] = {
    [ck_type_f16] = {f16_block, 1, 2},          [ck_type_bf16] = {bf16_block, 1, 2},
    [ck_type_q8_0] = {q8_0_block, 32, 34},      [ck_type_q4_0] = {q4_0_block, 32, 18},
    [ck_type_q4_1] = {q4_1_block, 32, 20},      [ck_type_q5_0] = {q5_0_block, 32, 22},
    [ck_type_q5_1] = {q5_1_block, 32, 24},      [ck_type_q2_k] = {q2_k_block, 256, 84},
    [ck_type_q3_k] = {q3_k_block, 256, 110},    [ck_type_q4_k] = {q4_k_block, 256, 144},
    [ck_type_q5_k] = {q5_k_block, 256, 176},    [ck_type_q6_k] = {q6_k_block, 256, 210},
    [ck_type_iq4_nl] = {iq4_nl_block, 32, 18},  [ck_type_iq4_xs] = {iq4_xs_block, 256, 136},
};

void ck_dequantize(ck_type type, const void *source, float *target, size_t count) {
  if (type == ck_type_f32) {
    memcpy(target, source, count * sizeof(float));
    return;
  }
  const uint8_t *p = source;
  for (size_t i = 0; i < count; i += formats[type].values) {
    formats[type].decode(p, target + i);
    p += formats[type].bytes;
  }
}
