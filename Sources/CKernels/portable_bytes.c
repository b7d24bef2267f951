#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "levels.h"

#define CK_WIDTH 4
#define CK_PART static inline __attribute__((always_inline))
#include "lanes.h"

#include "pairs.h"

// A group's weights are decoded to fp32 once for a batch of rows. Sums of 64 products of such values
// are exact in fp32, so the result is that of integer arithmetic.

enum { batch = 32, vectors = CK_PANEL / 4, half_group = CK_GROUP / 2 };

static void decode_q8(const uint8_t *group, int zero, float *values) {
  for (size_t k = 0; k < CK_GROUP; k++) {
    const uint8_t *quad = group + k / 4 * 4 * CK_PANEL + k % 4;
    for (size_t n = 0; n < CK_PANEL; n++) {
      values[k * CK_PANEL + n] = (float)(quad[n * 4] - zero);
    }
  }
}

static void decode_q4(const uint8_t *group, float *values) {
  for (size_t k = 0; k < CK_GROUP; k++) {
    const uint8_t *quad = group + k % half_group / 4 * 4 * CK_PANEL + k % 4;
    for (size_t n = 0; n < CK_PANEL; n++) {
      values[k * CK_PANEL + n] = (float)(quad[n * 4] >> (k < half_group ? 0 : 4) & 15);
    }
  }
}

/// Adds the products of `count` inputs of one row.
static void add_inputs(const int8_t *x, const float *values, size_t count, lanes *sums) {
  for (size_t k = 0; k < count; k++) {
    const float input = (float)x[k];
    for (size_t v = 0; v < vectors; v++) {
      sums[v] += load(values + k * CK_PANEL + v * width) * input;
    }
  }
}

static void add_group_q8(
    const int8_t *x, const float *values, const uint8_t *scales, float scale, lanes *totals) {
  lanes sums[vectors] = {0};
  add_inputs(x, values, CK_GROUP, sums);
  for (size_t v = 0; v < vectors; v++) {
    const lanes weight_scales = load((const float *)(const void *)scales + v * width);
    totals[v] = fused(sums[v], weight_scales * splat(scale), totals[v]);
  }
}

static void add_group_q4(
    const int8_t *x, const float *values, const uint8_t *parameters, const int16_t *input_sums,
    float scale, lanes *totals) {
  lanes low[vectors] = {0}, high[vectors] = {0};
  add_inputs(x, values, half_group, low);
  add_inputs(x + half_group, values + half_group * CK_PANEL, half_group, high);
  int32_t pair;
  memcpy(&pair, input_sums, sizeof pair);
  for (size_t v = 0; v < vectors; v++) {
    const ints scales = load_ints(parameters + v * width * 4);
    const ints minimums = load_ints(parameters + (CK_PANEL + v * width) * 4);
    const ints sum = __builtin_convertvector(low[v], ints) * low_halves(scales)
                     + __builtin_convertvector(high[v], ints) * high_halves(scales);
    const ints total = add_pairs(sum, minimums, splat_ints(pair));
    totals[v] = fused(to_floats(total), splat(scale), totals[v]);
  }
}

CK_PART void multiply(
    const ck_linear_q8 *job, bool four_bits, size_t row, size_t row_end, size_t panel,
    size_t panel_end) {
  const size_t groups = job->x.groups;
  const size_t group_bytes = four_bits ? CK_Q4_GROUP_BYTES : CK_Q8_GROUP_BYTES;
  const size_t panel_bytes = four_bits ? ck_q4_panel_bytes(groups) : groups * group_bytes;
  float values[CK_GROUP * CK_PANEL];
  for (; panel < panel_end; panel++) {
    const uint8_t *weights = job->weights + panel * panel_bytes;
    for (size_t first = row; first < row_end; first += batch) {
      const size_t rows = row_end - first < batch ? row_end - first : batch;
      lanes totals[batch][vectors] = {0};
      for (size_t g = 0; g < groups; g++) {
        const uint8_t *group = weights + g * group_bytes;
        if (four_bits) {
          decode_q4(group, values);
        } else {
          decode_q8(group, job->zero, values);
        }
        for (size_t r = 0; r < rows; r++) {
          const size_t index = (first + r) * groups + g;
          const int8_t *x = job->x.values + index * CK_GROUP;
          if (four_bits) {
            add_group_q4(
                x, values, group + half_group * CK_PANEL, job->x.sums + 2 * index,
                job->x.scales[index], totals[r]);
          } else {
            add_group_q8(x, values, group + CK_GROUP * CK_PANEL, job->x.scales[index], totals[r]);
          }
        }
      }
      const uint8_t *units = weights + groups * group_bytes;
      for (size_t r = 0; r < rows; r++) {
        for (size_t v = 0; v < vectors; v++) {
          lanes total = totals[r][v];
          if (four_bits) {
            total *= load((const float *)(const void *)units + v * width);
          }
          store_sums(&job->target, first + r, panel * CK_PANEL + v * width, total);
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
