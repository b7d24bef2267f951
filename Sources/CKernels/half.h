// Numbers of 16 bits where no instruction converts them.
#ifndef CK_HALF_H
#define CK_HALF_H

#include "fused.h"

static inline float ck_bits_to_float(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/// The number that the IEEE binary16 bits `half` stand for.
static inline float ck_half_to_float(uint16_t half) {
  const uint32_t sign = (half & 0x8000u) << 16;
  const uint32_t magnitude = half & 0x7fffu;
  if (magnitude >= 0x7c00u) {
    return ck_bits_to_float(sign | 0x7f800000u | (magnitude & 0x3ffu) << 13);
  }
  // The exponent is rebased by a multiplication, which also makes subnormal halves normal.
  const float scaled = ck_bits_to_float(magnitude << 13) * ck_bits_to_float(0x77800000u);
  return sign ? -scaled : scaled;
}

/// The nearest binary16, ties to even; infinite where `value` is too large.
static inline uint16_t ck_float_to_half(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  const uint32_t sign = bits >> 16 & 0x8000u;
  bits &= 0x7fffffffu;
  if (bits >= 0x7f800000u) {
    return (uint16_t)(sign | (bits > 0x7f800000u ? 0x7e00u : 0x7c00u));
  }
  if (bits >= 0x477ff000u) {
    return (uint16_t)(sign | 0x7c00u);
  }
  if (bits < 0x38800000u) {
    // Subnormal: adding 1/2 leaves the rounded multiple of 2^-24 in the low bits.
    const float shifted = ck_bits_to_float(bits) + 0.5f;
    uint32_t rounded;
    memcpy(&rounded, &shifted, sizeof rounded);
    return (uint16_t)(sign | (rounded - 0x3f000000u));
  }
  return (uint16_t)(sign | (bits - 0x38000000u + 0xfffu + (bits >> 13 & 1)) >> 13);
}

/// The nearest bfloat16, ties to even.
static inline uint16_t ck_float_to_bf16(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  const uint32_t rounded = bits + 0x7fffu + (bits >> 16 & 1);
  // Rounding would make another number of a NaN.
  return (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? bits >> 16 | 0x40u : rounded >> 16);
}

/// The same as AMX reads it, to which subnormal numbers are 0.
static inline uint16_t ck_float_to_normal_bf16(float value) {
  const uint16_t bits = ck_float_to_bf16(value);
  return bits & 0x7f80u ? bits : bits & 0x8000u;
}

#endif
