#include <math.h>
#include <string.h>

#include "half.h"
#include "include/linear.h"

enum { half_group = CK_GROUP / 2, half_bytes = CK_GROUP * CK_PANEL / 2 };

/// Puts the 32 values `q` of output `n` in half `half` of a group, with scale and minimum as
/// binary16.
static void put(
    uint8_t *group, size_t n, size_t half, const uint8_t *q, uint16_t scale, uint16_t minimum) {
  for (size_t k = 0; k < half_group; k++) {
    uint8_t *byte = group + (k / 4 * CK_PANEL + n) * 4 + k % 4;
    *byte = (uint8_t)(*byte | q[k] << (4 * half));
  }
  uint8_t *parameters = group + half_bytes + (n * 2 + half) * 2;
  memcpy(parameters, &scale, sizeof scale);
  memcpy(parameters + 2 * CK_PANEL * 2, &minimum, sizeof minimum);
}

static float parameter(const uint8_t *place) {
  uint16_t bits;
  memcpy(&bits, place, sizeof bits);
  return ck_half_to_float(bits);
}

/// Turns binary16 into the nearest integer of `inverse` units.
static void count_units(uint8_t *place, float inverse) {
  const float value = rintf(parameter(place) * inverse);
  const int16_t units = value >= -32767 ? value <= 32767 ? (int16_t)value : 32767 : -32767;
  memcpy(place, &units, sizeof units);
}

/// Makes integers of the scales and minimums of output `n`, which are binary16 so far.
static void unite(uint8_t *panel, size_t groups, size_t n) {
  const size_t scales = half_bytes + n * 4, minimums = scales + 2 * CK_PANEL * 2;
  float unit = 0;
  for (size_t i = 0; i < 2 * groups; i++) {
    const uint8_t *half = panel + i / 2 * CK_Q4_GROUP_BYTES + i % 2 * 2;
    unit = fmaxf(unit, fabsf(parameter(half + scales)) / 8191);
    unit = fmaxf(unit, fabsf(parameter(half + minimums)) / 32767);
  }
  const float inverse = unit > 0 ? 1 / unit : 0;
  for (size_t i = 0; i < 2 * groups; i++) {
    uint8_t *half = panel + i / 2 * CK_Q4_GROUP_BYTES + i % 2 * 2;
    count_units(half + scales, inverse);
    count_units(half + minimums, inverse);
  }
  memcpy(panel + groups * CK_Q4_GROUP_BYTES + n * sizeof unit, &unit, sizeof unit);
}

/// q = (w - minimum) / scale, rounded into 0...15.
static void round_all(const float *w, float scale, float minimum, uint8_t *q) {
  const float inverse = scale > 0 ? 1 / scale : 0;
  for (size_t k = 0; k < half_group; k++) {
    const float value = rintf((w[k] - minimum) * inverse);
    q[k] = (uint8_t)(value < 0 ? 0 : value > 15 ? 15 : value);
  }
}

/// Finds scale, minimum and values of 32 weights: from their range first, then twice the scale and
/// minimum of least squares for the values found.
static void quantize(const float *w, uint8_t *q, uint16_t *scale, uint16_t *minimum) {
  float low = w[0], high = w[0];
  for (size_t k = 1; k < half_group; k++) {
    low = w[k] < low ? w[k] : low;
    high = w[k] > high ? w[k] : high;
  }
  float step = (high - low) / 15;
  round_all(w, step, low, q);
  for (int round = 0; round < 2 && step > 0; round++) {
    float sum = 0, square = 0, weights = 0, product = 0;
    for (size_t k = 0; k < half_group; k++) {
      const float value = (float)q[k];
      sum += value;
      square += value * value;
      weights += w[k];
      product += value * w[k];
    }
    const float determinant = (float)half_group * square - sum * sum;
    if (determinant <= 0) {
      break;
    }
    step = ((float)half_group * product - sum * weights) / determinant;
    low = (weights - step * sum) / (float)half_group;
    round_all(w, step, low, q);
  }
  *scale = ck_float_to_half(step);
  *minimum = ck_float_to_half(low);
  round_all(w, ck_half_to_float(*scale), ck_half_to_float(*minimum), q);
}

void ck_pack_q4(const float *source, size_t rows, size_t in, uint8_t *panel) {
  const size_t groups = (in + CK_GROUP - 1) / CK_GROUP;
  memset(panel, 0, ck_q4_panel_bytes(groups));
  for (size_t first = 0; first < in; first += CK_GROUP) {
    uint8_t *group = panel + first / CK_GROUP * CK_Q4_GROUP_BYTES;
    for (size_t half = 0; half < 2; half++) {
      const size_t begin = first + half * half_group;
      if (begin >= in) {
        break;
      }
      const size_t count = in - begin < half_group ? in - begin : half_group;
      for (size_t n = 0; n < rows; n++) {
        float w[half_group];
        memcpy(w, source + n * in + begin, count * sizeof(float));
        // Behind the end inputs are 0 and weights do not matter.
        for (size_t k = count; k < half_group; k++) {
          w[k] = w[0];
        }
        uint8_t q[half_group];
        uint16_t scale, minimum;
        quantize(w, q, &scale, &minimum);
        put(group, n, half, q, scale, minimum);
      }
    }
  }
  for (size_t n = 0; n < rows; n++) {
    unite(panel, groups, n);
  }
}

void ck_pack_q4_blocks(
    const uint8_t *blocks, bool has_minimum, size_t first, size_t rows, size_t in,
    uint8_t *panel) {
  const size_t head = has_minimum ? 4 : 2, size = head + half_group / 2;
  const size_t count = in / half_group, groups = (in + CK_GROUP - 1) / CK_GROUP;
  for (size_t n = 0; n < rows; n++) {
    for (size_t b = 0; b < count; b++, blocks += size) {
      uint16_t scale, minimum;
      memcpy(&scale, blocks, sizeof scale);
      if (has_minimum) {
        memcpy(&minimum, blocks + 2, sizeof minimum);
      } else {
        minimum = ck_float_to_half(-8 * ck_half_to_float(scale));
      }
      uint8_t q[half_group];
      for (size_t k = 0; k < half_group / 2; k++) {
        q[k] = blocks[head + k] & 15;
        q[k + half_group / 2] = blocks[head + k] >> 4;
      }
      put(panel + b / 2 * CK_Q4_GROUP_BYTES, first + n, b % 2, q, scale, minimum);
    }
    unite(panel, groups, first + n);
  }
}
