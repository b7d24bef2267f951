#include "levels.h"

#if defined(__x86_64__)

#include "amx_tiles.h"
#include "pairs.h"

// As amx_q8.c, with tiles of half a group: 32 inputs, whose weights are unpacked to bytes once for
// all rows of a call.

enum {
  /// Fewer rows than this are left to the vector kernels. Every 32 inputs have a scale of their own,
  /// so scaling and moving sums takes longer than the tile products save (Docs/SpeedLog.md).
  least_rows = 64,
  half_bytes = CK_GROUP * CK_PANEL / 2,
  /// Groups of a panel unpacked at a time: two panels of them fit the second cache level.
  depth = 32,
};

/// `groups` groups of a panel: [groups][2][32 inputs] of bytes, and 16-bit scales and minimums of
/// the halves in pairs.
typedef struct unpacked {
  _Alignas(64) uint8_t values[depth][2][half_bytes];
  _Alignas(64) int32_t scales[depth][CK_PANEL];
  _Alignas(64) int32_t minimums[depth][CK_PANEL];
} unpacked;

CK_PART void unpack(const uint8_t *weights, size_t groups, unpacked *target) {
  for (size_t g = 0; g < groups; g++, weights += CK_Q4_GROUP_BYTES) {
    for (size_t half = 0; half < 2; half++) {
      for (size_t i = 0; i < half_bytes; i += 64) {
        const ints values = load_nibbles(weights + i, half == 1);
        memcpy(target->values[g][half] + i, &values, sizeof values);
      }
    }
    memcpy(target->scales[g], weights + half_bytes, sizeof target->scales[g]);
    memcpy(target->minimums[g], weights + half_bytes + CK_PANEL * 4, sizeof target->minimums[g]);
  }
}

/// totals[r] += row_scales[r] * (scales * sums[r] of both halves + row_sums[r] * minimums), r strided
/// by `groups` and twice that in the inputs. What is in brackets is exact until it is made a float.
CK_PART void add_sums(
    const int32_t *low, const int32_t *high, size_t rows, const float *row_scales,
    const int16_t *row_sums, size_t groups, const int32_t *scales, const int32_t *minimums,
    float *totals) {
  const ints s = load_ints(scales), m = load_ints(minimums);
  for (size_t r = 0; r < rows; r++, totals += ck_amx_sum_stride) {
    int32_t input_sums;
    memcpy(&input_sums, row_sums + r * 2 * groups, sizeof input_sums);
    const ints sum = load_ints(low + r * CK_PANEL) * low_halves(s)
                     + load_ints(high + r * CK_PANEL) * high_halves(s);
    const lanes part = to_floats(add_pairs(sum, m, splat_ints(input_sums)));
    store(totals, fused(part, splat(row_scales[r * groups]), load(totals)));
  }
}

/// Adds groups [group, group + count) of two panels to the totals of rows [row, row + first +
/// second), [rows][2][16].
CK_PART void add_groups(
    const ck_linear_q8 *job, size_t row, size_t first, size_t second, size_t group, size_t count,
    const unpacked *a, const unpacked *b, float *totals) {
  ck_amx_sums sums[2][2];
  const size_t groups = job->x.groups, x_stride = groups * CK_GROUP;
  const int8_t *x = job->x.values + row * x_stride + group * CK_GROUP;
  float *below = totals + first * ck_amx_sum_stride;
  for (size_t i = 0; i <= count; i++) {
    for (size_t half = 0; half < 2 && i < count; half++) {
      const int8_t *own = x + i * CK_GROUP + half * CK_GROUP / 2;
      ck_amx_multiply_bytes(
          own, second > 0 ? own + first * x_stride : 0, x_stride, a->values[i][half],
          b->values[i][half], &sums[i % 2][half]);
    }
    if (i > 0) {
      const size_t g = i - 1;
      const ck_amx_sums *low = &sums[g % 2][0], *high = &sums[g % 2][1];
      const float *scales = job->x.scales + row * groups + group + g;
      const int16_t *input_sums = job->x.sums + 2 * (row * groups + group + g);
      const float *more_scales = scales + first * groups;
      const int16_t *more_sums = input_sums + 2 * first * groups;
      const int32_t *s = a->scales[g], *m = a->minimums[g];
      const int32_t *t = b->scales[g], *n = b->minimums[g];
      add_sums(low->of[0], high->of[0], first, scales, input_sums, groups, s, m, totals);
      add_sums(
          low->of[1], high->of[1], first, scales, input_sums, groups, t, n, totals + CK_PANEL);
      add_sums(low->of[2], high->of[2], second, more_scales, more_sums, groups, s, m, below);
      add_sums(
          low->of[3], high->of[3], second, more_scales, more_sums, groups, t, n,
          below + CK_PANEL);
    }
  }
}

/// Multiplies totals of two panels by the units at `units` and `distance` behind.
CK_PART void multiply_units(const uint8_t *units, size_t distance, size_t rows, float *totals) {
  const lanes a = load((const float *)(const void *)units);
  const lanes b = load((const float *)(const void *)(units + distance));
  for (size_t r = 0; r < rows; r++, totals += ck_amx_sum_stride) {
    store(totals, load(totals) * a);
    store(totals + CK_PANEL, load(totals + CK_PANEL) * b);
  }
}

CK_TARGET void ck_amx_linear_q4(
    const ck_linear_q8 *job, size_t row, size_t row_end, size_t panel, size_t panel_end) {
  if (row_end - row < least_rows) {
    ck_avx512_linear_q4(job, row, row_end, panel, panel_end);
    return;
  }
  enum { batch = 128 };
  _Alignas(64) float totals[batch * ck_amx_sum_stride];
  unpacked a, b;
  const size_t groups = job->x.groups, panel_bytes = ck_q4_panel_bytes(groups);
  for (; row < row_end; row += batch) {
    const size_t rows = row_end - row < batch ? row_end - row : batch;
    for (size_t p = panel; p < panel_end; p += ck_amx_panels) {
      const bool two = p + 1 < panel_end;
      const uint8_t *weights = job->weights + p * panel_bytes;
      memset(totals, 0, rows * ck_amx_sum_stride * sizeof(float));
      for (size_t group = 0; group < groups; group += depth) {
        const size_t count = groups - group < depth ? groups - group : depth;
        unpack(weights + group * CK_Q4_GROUP_BYTES, count, &a);
        if (two) {
          unpack(weights + panel_bytes + group * CK_Q4_GROUP_BYTES, count, &b);
        }
        size_t height = 0;
        for (size_t r = 0; r < rows; r += height) {
          height = ck_tile_rows(rows - r, ck_amx_most_rows);
          const size_t first = height < ck_amx_tile_rows ? height : ck_amx_tile_rows;
          ck_amx_configure(first, height - first, CK_GROUP / 2);
          add_groups(
              job, row + r, first, height - first, group, count, &a, two ? &b : &a,
              totals + r * ck_amx_sum_stride);
        }
      }
      multiply_units(weights + groups * CK_Q4_GROUP_BYTES, two ? panel_bytes : 0, rows, totals);
      ck_amx_store(&job->target, row, rows, p, two ? 2 : 1, totals);
    }
  }
  _tile_release();
}

#endif
