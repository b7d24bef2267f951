#include "levels.h"

#if defined(__x86_64__)

#include "amx_tiles.h"

// Tiles of 16 rows by 16 outputs over one group of 64 inputs: a group of a panel, as packed, is the
// right operand of the tile product. Two by two tiles share four loads. Each group has its own
// scales, so its sums leave the tiles and are added, scaled, to fp32 totals.

/// Fewer rows than this are left to the vector kernels: a tile product takes as long for one row as
/// for sixteen.
enum { least_rows = 5 };

/// totals[r] += scale[r] * scales * (sums[r] + starts[r]), r strided by `groups` in the inputs.
CK_PART void add_sums(
    const int32_t *sums, size_t rows, const float *row_scales, const int32_t *starts,
    size_t groups, lanes scales, float *totals) {
  for (size_t r = 0; r < rows; r++, totals += ck_amx_sum_stride) {
    const ints sum = load_ints(sums + r * CK_PANEL) + starts[r * groups];
    const lanes scale = scales * row_scales[r * groups];
    store(totals, fused(to_floats(sum), scale, load(totals)));
  }
}

/// Up to 32 rows, `first` and `second` of them in the two blocks, of two panels. Where there is one
/// panel only, the other is computed from the same operands and thrown away.
CK_PART void tile(
    const ck_linear_q8 *job, size_t row, size_t first, size_t second, size_t panel,
    size_t panels) {
  ck_amx_sums sums[2];
  _Alignas(64) float totals[ck_amx_most_rows * ck_amx_sum_stride];
  const size_t groups = job->x.groups, x_stride = groups * CK_GROUP;
  const uint8_t *weights = job->weights + panel * groups * CK_Q8_GROUP_BYTES;
  const size_t more_weights = panels > 1 ? groups * CK_Q8_GROUP_BYTES : 0;
  const int8_t *x = job->x.values + row * x_stride;
  float *below = totals + first * ck_amx_sum_stride;
  memset(totals, 0, sizeof totals);
  for (size_t g = 0; g <= groups; g++) {
    if (g < groups) {
      const int8_t *own = x + g * CK_GROUP;
      const uint8_t *w = weights + g * CK_Q8_GROUP_BYTES;
      ck_amx_multiply_bytes(
          own, second > 0 ? own + first * x_stride : 0, x_stride, w, w + more_weights,
          &sums[g % 2]);
    }
    if (g > 0) {
      const ck_amx_sums *done = &sums[(g - 1) % 2];
      const uint8_t *parameters = weights + g * CK_Q8_GROUP_BYTES - CK_PANEL * 4;
      const lanes low = load((const float *)(const void *)parameters);
      const lanes high = load((const float *)(const void *)(parameters + more_weights));
      const float *scales = job->x.scales + row * groups + g - 1;
      const int32_t *starts = job->x.starts + row * groups + g - 1;
      const float *more_scales = scales + first * groups;
      const int32_t *more_starts = starts + first * groups;
      add_sums(done->of[0], first, scales, starts, groups, low, totals);
      add_sums(done->of[1], first, scales, starts, groups, high, totals + CK_PANEL);
      add_sums(done->of[2], second, more_scales, more_starts, groups, low, below);
      add_sums(done->of[3], second, more_scales, more_starts, groups, high, below + CK_PANEL);
    }
  }
  ck_amx_store(&job->target, row, first + second, panel, panels, totals);
}

CK_TARGET void ck_amx_linear_q8(
    const ck_linear_q8 *job, size_t row, size_t row_end, size_t panel, size_t panel_end) {
  if (row_end - row < least_rows) {
    ck_avx512_linear_q8(job, row, row_end, panel, panel_end);
    return;
  }
  size_t rows = 0;
  for (; row < row_end; row += rows) {
    rows = ck_tile_rows(row_end - row, ck_amx_most_rows);
    const size_t first = rows < ck_amx_tile_rows ? rows : ck_amx_tile_rows;
    ck_amx_configure(first, rows - first, CK_GROUP);
    for (size_t p = panel; p < panel_end; p += ck_amx_panels) {
      tile(job, row, first, rows - first, p, panel_end - p);
    }
  }
  _tile_release();
}

#endif
