#include "include/finite.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static uint16_t read_bits(const uint8_t *p) { return (uint16_t)(p[0] | p[1] << 8); }

/// Whether all exponent bits `mask` are set in any of `count` 16-bit numbers. Without an early exit the
/// loop becomes vector code.
static bool any_half(const uint8_t *p, size_t count, uint16_t mask) {
  uint32_t any = 0;
  for (size_t i = 0; i < count; i++) {
    uint16_t bits;
    memcpy(&bits, p + 2 * i, sizeof bits);
    any |= (bits & mask) == mask;
  }
  return any;
}

static bool any_single(const uint8_t *p, size_t count) {
  uint32_t any = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, p + 4 * i, sizeof bits);
    any |= (bits & 0x7f800000u) == 0x7f800000u;
  }
  return any;
}

static bool any_float(ck_type type, const uint8_t *p, size_t count) {
  return type == ck_type_f32 ? any_single(p, count)
                             : any_half(p, count, type == ck_type_f16 ? 0x7c00 : 0x7f80);
}

static size_t first_float(ck_type type, const uint8_t *p, size_t count) {
  enum { stride = 1024 };
  const size_t size = type == ck_type_f32 ? 4 : 2;
  for (size_t first = 0; first < count; first += stride) {
    const size_t end = count - first < stride ? count : first + stride;
    if (!any_float(type, p + first * size, end - first)) {
      continue;
    }
    for (size_t i = first; i < end; i++) {
      if (any_float(type, p + i * size, 1)) {
        return i;
      }
    }
  }
  return count;
}

/// Where the 16-bit scales of a block lie; the second is the first where there is one.
static const struct {
  size_t elements, bytes, scale, minimum;
} blocks[] = {
    [ck_type_q8_0] = {32, 34, 0, 0},      [ck_type_q4_0] = {32, 18, 0, 0},
    [ck_type_q4_1] = {32, 20, 0, 2},      [ck_type_q5_0] = {32, 22, 0, 0},
    [ck_type_q5_1] = {32, 24, 0, 2},      [ck_type_q2_k] = {256, 84, 80, 82},
    [ck_type_q3_k] = {256, 110, 108, 108}, [ck_type_q4_k] = {256, 144, 0, 2},
    [ck_type_q5_k] = {256, 176, 0, 2},    [ck_type_q6_k] = {256, 210, 208, 208},
    [ck_type_iq4_nl] = {32, 18, 0, 0},    [ck_type_iq4_xs] = {256, 136, 0, 0},
};

size_t ck_first_not_finite(ck_type type, const void *source, size_t count) {
  const uint8_t *p = source;
  if (type == ck_type_f32 || type == ck_type_f16 || type == ck_type_bf16) {
    return first_float(type, p, count);
  }
  for (size_t i = 0; i < count; i += blocks[type].elements, p += blocks[type].bytes) {
    const uint16_t scale = read_bits(p + blocks[type].scale);
    const uint16_t minimum = read_bits(p + blocks[type].minimum);
    if ((scale & 0x7c00) == 0x7c00 || (minimum & 0x7c00) == 0x7c00) {
      return i;
    }
  }
  return count;
}
