#include "levels.h"

#if defined(__x86_64__)

#include "amx_tiles.h"

// Tiles of 16 rows by 16 outputs over one group of 64 inputs: a group of a panel, as packed, is the
// right operand of the tile product. Two by two tiles share four loads. Each group has its own
// scales, so its sums leave the tiles and are added, scaled, to fp32 totals.

/// totals[r] += scale[r] * scales * (sums[r] + starts[r]), r strided by `groups` in the inputs.
CK_PART void add_sums(
    const int32_t *sums, size_t rows, const float *row_scales, const int32_t *starts,
    size_t groups, lanes scales, float *totals) {
  for (size_t r = 0; r < rows; r++, totals += ck_amx_sum_stride) {
    const ints sum = load_ints(sums + r * CK_PANEL) + starts[r * groups];
    const lanes scale = scales * row_scales[r * groups];
    store(totals, load(totals) + to_floats(sum) * scale);
  }
}

/// Up to 32 rows, `first` and `second` of them in the two blocks, of two panels. Where there is one
/// panel or one block only, the other is computed from the same operands and thrown away.
CK_PART void tile(
    const ck_linear_q8 *job, size_t row, size_t first, size_t second, size_t panel,
    size_t panels) {
  _Alignas(64) int32_t sums[4][ck_amx_tile_rows * CK_PANEL];
  _Alignas(64) float totals[ck_amx_most_rows * ck_amx_sum_stride];
  const size_t groups = job->x.groups, x_stride = groups * CK_GROUP;
  const uint8_t *weights = job->weights + panel * groups * CK_Q8_GROUP_BYTES;
  const uint8_t *more_weights = panels > 1 ? weights + groups * CK_Q8_GROUP_BYTES : weights;
  const int8_t *x = job->x.values + row * x_stride;
  const int8_t *more_x = second > 0 ? x + first * x_stride : x;
  const float *scales = job->x.scales + row * groups;
  const int32_t *starts = job->x.starts + row * groups;
  float *below = totals + first * ck_amx_sum_stride;
  memset(totals, 0, sizeof totals);
  for (size_t g = 0; g < groups; g++) {
    ck_amx_multiply_bytes(
        x + g * CK_GROUP, more_x + g * CK_GROUP, x_stride, weights, more_weights, sums);
    const lanes low = load((const float *)(const void *)(weights + CK_GROUP * CK_PANEL));
    const lanes high = load((const float *)(const void *)(more_weights + CK_GROUP * CK_PANEL));
    const float *more_scales = scales + first * groups + g;
    const int32_t *more_starts = starts + first * groups + g;
    add_sums(sums[0], first, scales + g, starts + g, groups, low, totals);
    add_sums(sums[1], first, scales + g, starts + g, groups, high, totals + CK_PANEL);
    add_sums(sums[2], second, more_scales, more_starts, groups, low, below);
    add_sums(sums[3], second, more_scales, more_starts, groups, high, below + CK_PANEL);
    weights += CK_Q8_GROUP_BYTES;
    more_weights += CK_Q8_GROUP_BYTES;
  }
  ck_amx_store(&job->target, row, first + second, panel, panels, totals);
}

CK_TARGET void ck_amx_linear_q8(
    const ck_linear_q8 *job, size_t row, size_t row_end, size_t panel, size_t panel_end) {
  if (row_end - row < ck_amx_least_rows) {
    ck_avx512_linear_q8(job, row, row_end, panel, panel_end);
    return;
  }
  size_t rows = 0;
  for (; row < row_end; row += rows) {
    rows = ck_tile_rows(row_end - row, ck_amx_most_rows);
    const size_t first = rows < ck_amx_tile_rows ? rows : ck_amx_tile_rows;
    ck_amx_configure(first, rows - first, CK_GROUP);
    for (size_t p = panel; p < panel_end; p += 2) {
      tile(job, row, first, rows - first, p, panel_end - p);
    }
  }
  _tile_release();
}

#endif
