#include <string.h>

#include "levels.h"

#define CK_WIDTH 4
#define CK_PART static inline __attribute__((always_inline))
#include "lanes.h"

// Half a group's weights are decoded to fp32 once for a batch of rows. Sums of 32 products of such
// values are exact in fp32, so the result is that of integer arithmetic.

enum { batch = 32, vectors = CK_PANEL / 4, half_group = CK_GROUP / 2 };

/// 32 inputs of a panel: weights are scale * value + minimum.
typedef struct half_panel {
  float values[half_group * CK_PANEL], scales[CK_PANEL], minimums[CK_PANEL];
} half_panel;

static void decode_q8(const uint8_t *group, size_t half, int zero, half_panel *target) {
  for (size_t k = 0; k < half_group; k++) {
    const uint8_t *quad = group + (half * half_group + k) / 4 * 4 * CK_PANEL + k % 4;
    for (size_t n = 0; n < CK_PANEL; n++) {
      target->values[k * CK_PANEL + n] = (float)(quad[n * 4] - zero);
    }
  }
  memcpy(target->scales, group + CK_GROUP * CK_PANEL, sizeof target->scales);
  memset(target->minimums, 0, sizeof target->minimums);
}

static void decode_q4(
    const uint8_t *group, size_t half, const uint8_t *units, half_panel *target) {
  for (size_t k = 0; k < half_group; k++) {
    const uint8_t *quad = group + k / 4 * 4 * CK_PANEL + k % 4;
    for (size_t n = 0; n < CK_PANEL; n++) {
      target->values[k * CK_PANEL + n] = (float)(quad[n * 4] >> (4 * half) & 15);
    }
  }
  const uint8_t *parameters = group + CK_GROUP * CK_PANEL / 2 + half * 2;
  for (size_t n = 0; n < CK_PANEL; n++) {
    int16_t scale, minimum;
    float unit;
    memcpy(&scale, parameters + n * 4, sizeof scale);
    memcpy(&minimum, parameters + (CK_PANEL + n) * 4, sizeof minimum);
    memcpy(&unit, units + n * 4, sizeof unit);
    target->scales[n] = unit * scale;
    target->minimums[n] = unit * minimum;
  }
}

/// Adds the products of one row with half a group, the row's scale and sum given.
static void add_half(
    const int8_t *x, const half_panel *weights, float scale, int16_t sum, lanes *totals) {
  lanes sums[vectors] = {0};
  for (size_t k = 0; k < half_group; k++) {
    const float input = (float)x[k];
    for (size_t v = 0; v < vectors; v++) {
      sums[v] += load(weights->values + k * CK_PANEL + v * width) * input;
    }
  }
  for (size_t v = 0; v < vectors; v++) {
    totals[v] += scale
                 * (sums[v] * load(weights->scales + v * width)
                    + (float)sum * load(weights->minimums + v * width));
  }
}

CK_PART void multiply(
    const ck_linear_q8 *job, bool four_bits, size_t row, size_t row_end, size_t panel,
    size_t panel_end) {
  const size_t groups = job->x.groups;
  const size_t group_bytes = four_bits ? CK_Q4_GROUP_BYTES : CK_Q8_GROUP_BYTES;
  const size_t panel_bytes = four_bits ? ck_q4_panel_bytes(groups) : groups * group_bytes;
  half_panel decoded;
  for (; panel < panel_end; panel++) {
    const uint8_t *weights = job->weights + panel * panel_bytes;
    for (size_t first = row; first < row_end; first += batch) {
      const size_t rows = row_end - first < batch ? row_end - first : batch;
      lanes totals[batch][vectors] = {0};
      for (size_t i = 0; i < 2 * groups; i++) {
        const uint8_t *group = weights + i / 2 * group_bytes;
        if (four_bits) {
          decode_q4(group, i % 2, weights + groups * group_bytes, &decoded);
        } else {
          decode_q8(group, i % 2, job->zero, &decoded);
        }
        for (size_t r = 0; r < rows; r++) {
          const size_t half = (first + r) * 2 * groups + i;
          add_half(
              job->x.values + half * half_group, &decoded, job->x.scales[half / 2],
              job->x.sums[half], totals[r]);
        }
      }
      for (size_t r = 0; r < rows; r++) {
        for (size_t v = 0; v < vectors; v++) {
          store_sums(&job->target, first + r, panel * CK_PANEL + v * width, totals[r][v]);
        }
      }
    }
  }
}

void ck_portable_linear_q8(
    const ck_linear_q8 *job, size_t row, size_t row_end, size_t panel, size_t panel_end) {
  multiply(job, false, row, row_end, panel, panel_end);
}

void ck_portable_linear_q4(
    const ck_linear_q8 *job, size_t row, size_t row_end, size_t panel, size_t panel_end) {
  multiply(job, true, row, row_end, panel, panel_end);
}
