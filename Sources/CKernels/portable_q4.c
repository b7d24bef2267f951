#include <string.h>

#include "half.h"
#include "levels.h"
#include "portable_store.h"

// As portable_q8.c: a group's values are decoded to fp32 once for a batch of rows, and sums of 32
// products are exact.

typedef float lanes __attribute__((vector_size(16)));

enum { batch = 32, vectors = CK_PANEL / 4, half_group = CK_GROUP / 2 };

/// Values of half `half` of a group, [32][16], and its scales and minimums.
static void decode_half(
    const uint8_t *group, size_t half, float *values, float *scales, float *minimums) {
  for (size_t k = 0; k < half_group; k++) {
    for (size_t n = 0; n < CK_PANEL; n++) {
      values[k * CK_PANEL + n] =
          (float)(group[(k / 4 * CK_PANEL + n) * 4 + k % 4] >> (4 * half) & 15);
    }
  }
  const uint8_t *parameters = group + CK_GROUP * CK_PANEL / 2 + half * CK_PANEL * 2;
  for (size_t n = 0; n < CK_PANEL; n++) {
    uint16_t scale, minimum;
    memcpy(&scale, parameters + n * 2, sizeof scale);
    memcpy(&minimum, parameters + (2 * CK_PANEL + n) * 2, sizeof minimum);
    scales[n] = ck_half_to_float(scale);
    minimums[n] = ck_half_to_float(minimum);
  }
}

static void add_half(
    const int8_t *x, const float *values, float scale, float sum, const float *scales,
    const float *minimums, lanes *totals) {
  lanes sums[vectors] = {0};
  for (size_t k = 0; k < half_group; k++) {
    const float input = (float)x[k];
    for (size_t v = 0; v < vectors; v++) {
      lanes w;
      memcpy(&w, values + k * CK_PANEL + v * 4, sizeof w);
      sums[v] += w * input;
    }
  }
  for (size_t v = 0; v < vectors; v++) {
    lanes s, m;
    memcpy(&s, scales + v * 4, sizeof s);
    memcpy(&m, minimums + v * 4, sizeof m);
    totals[v] += sums[v] * (s * scale) + m * sum;
  }
}

void ck_portable_linear_q4(
    const ck_linear_q8 *job, size_t row, size_t row_end, size_t panel, size_t panel_end) {
  const size_t groups = job->x.groups;
  float values[half_group * CK_PANEL], scales[CK_PANEL], minimums[CK_PANEL];
  for (; panel < panel_end; panel++) {
    const uint8_t *weights = job->weights + panel * groups * CK_Q4_GROUP_BYTES;
    for (size_t first = row; first < row_end; first += batch) {
      const size_t rows = row_end - first < batch ? row_end - first : batch;
      lanes totals[batch][vectors] = {0};
      for (size_t g = 0; g < groups; g++) {
        for (size_t half = 0; half < 2; half++) {
          decode_half(weights + g * CK_Q4_GROUP_BYTES, half, values, scales, minimums);
          for (size_t r = 0; r < rows; r++) {
            const size_t index = (first + r) * groups + g;
            add_half(
                job->x.values + index * CK_GROUP + half * half_group, values,
                job->x.scales[index], job->x.sums[2 * index + half], scales, minimums, totals[r]);
          }
        }
      }
      for (size_t r = 0; r < rows; r++) {
        ck_portable_store_row(
            &job->target, first + r, panel * CK_PANEL, CK_PANEL, (const float *)totals[r]);
      }
    }
  }
}
