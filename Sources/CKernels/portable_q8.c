#include <math.h>
#include <string.h>

#include "levels.h"
#include "portable_store.h"

// A group's weights are decoded to fp32 once for a batch of rows. Sums of 64 products of 8-bit values
// are exact in fp32, so the result is that of integer arithmetic.

typedef float lanes __attribute__((vector_size(16)));

enum { batch = 32, vectors = CK_PANEL / 4 };

/// Weights minus zero, [64][16].
static void decode_group(const uint8_t *weights, int zero, float *decoded) {
  for (size_t k = 0; k < CK_GROUP; k++) {
    for (size_t n = 0; n < CK_PANEL; n++) {
      decoded[k * CK_PANEL + n] = (float)(weights[k / 4 * 4 * CK_PANEL + n * 4 + k % 4] - zero);
    }
  }
}

/// totals += scale * scales * (weights · x) of one row and one group.
static void add_group(
    const int8_t *x, const float *decoded, float scale, const float *scales, lanes *totals) {
  lanes sums[vectors] = {0};
  for (size_t k = 0; k < CK_GROUP; k++) {
    const float value = (float)x[k];
    for (size_t v = 0; v < vectors; v++) {
      lanes w;
      memcpy(&w, decoded + k * CK_PANEL + v * 4, sizeof w);
      sums[v] += w * value;
    }
  }
  for (size_t v = 0; v < vectors; v++) {
    lanes s;
    memcpy(&s, scales + v * 4, sizeof s);
    totals[v] += sums[v] * (s * scale);
  }
}

void ck_portable_linear_q8(
    const ck_linear_q8 *job, size_t row, size_t row_end, size_t panel, size_t panel_end) {
  const size_t groups = job->x.groups;
  float decoded[CK_GROUP * CK_PANEL], scales[CK_PANEL];
  for (; panel < panel_end; panel++) {
    const uint8_t *weights = job->weights + panel * groups * CK_Q8_GROUP_BYTES;
    for (size_t first = row; first < row_end; first += batch) {
      const size_t rows = row_end - first < batch ? row_end - first : batch;
      lanes totals[batch][vectors] = {0};
      for (size_t g = 0; g < groups; g++) {
        const uint8_t *group = weights + g * CK_Q8_GROUP_BYTES;
        decode_group(group, job->zero, decoded);
        memcpy(scales, group + CK_GROUP * CK_PANEL, sizeof scales);
        for (size_t r = 0; r < rows; r++) {
          const size_t index = (first + r) * groups + g;
          add_group(
              job->x.values + index * CK_GROUP, decoded, job->x.scales[index], scales, totals[r]);
        }
      }
      for (size_t r = 0; r < rows; r++) {
        ck_portable_store_row(
            &job->target, first + r, panel * CK_PANEL, CK_PANEL, (const float *)totals[r]);
      }
    }
  }
}

void ck_pack_q8(
    const float *source, size_t rows, size_t in, ck_q8_range range, uint8_t *panel) {
  for (size_t first = 0; first < in; first += CK_GROUP, panel += CK_Q8_GROUP_BYTES) {
    const size_t count = in - first < CK_GROUP ? in - first : CK_GROUP;
    float scales[CK_PANEL] = {0};
    memset(panel, range.zero, CK_GROUP * CK_PANEL);
    for (size_t n = 0; n < rows; n++) {
      const float *w = source + n * in + first;
      float maximum = 0;
      for (size_t k = 0; k < count; k++) {
        maximum = fabsf(w[k]) > maximum ? fabsf(w[k]) : maximum;
      }
      const float inverse = maximum > 0 ? (float)range.weight / maximum : 0;
      for (size_t k = 0; k < count; k++) {
        panel[k / 4 * 4 * CK_PANEL + n * 4 + k % 4] =
            (uint8_t)((int)rintf(w[k] * inverse) + range.zero);
      }
      scales[n] = maximum / (float)range.weight;
    }
    memcpy(panel + CK_GROUP * CK_PANEL, scales, sizeof scales);
  }
}
