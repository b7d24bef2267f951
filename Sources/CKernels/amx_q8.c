#include <string.h>

#include "levels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "amx_tiles.h"
#include "avx512_store.h"

// Tiles of 16 rows by 16 outputs over one group of 64 inputs: a group of a panel, as packed, is the
// right operand of the tile product. Two by two tiles share four loads. Each group has its own
// scales, so its sums leave the tiles and are added, scaled, to fp32 totals.

#define TARGET __attribute__((target(CK_AMX_FEATURES)))
#define PART static inline __attribute__((target(CK_AMX_FEATURES), always_inline))

/// totals[r] += scale[r] * scales * (sums[r] + starts[r]), r strided by `groups` in the inputs.
PART void add_sums(
    const int32_t *sums, size_t rows, const float *row_scales, const int32_t *starts,
    size_t groups, __m512 scales, float *totals, size_t stride) {
  for (size_t r = 0; r < rows; r++) {
    const __m512i sum = _mm512_add_epi32(
        _mm512_load_si512(sums + r * CK_PANEL), _mm512_set1_epi32(starts[r * groups]));
    const __m512 scale = _mm512_mul_ps(scales, _mm512_set1_ps(row_scales[r * groups]));
    float *total = totals + r * stride;
    _mm512_store_ps(
        total, _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), scale, _mm512_load_ps(total)));
  }
}

/// Up to 32 rows, `first` and `second` of them in the two blocks, of two panels. Where there is one
/// panel or one block only, the other is computed from the same operands and thrown away.
PART void tile(const ck_linear_q8 *job, size_t row, size_t first, size_t second, size_t panel,
               size_t panels) {
  _Alignas(64) int32_t sums[4][ck_amx_tile_rows * CK_PANEL];
  _Alignas(64) float totals[ck_amx_most_rows * 2 * CK_PANEL];
  const size_t groups = job->x.groups, x_stride = groups * CK_GROUP;
  const uint8_t *weights = job->weights + panel * groups * CK_Q8_GROUP_BYTES;
  const uint8_t *more_weights = panels > 1 ? weights + groups * CK_Q8_GROUP_BYTES : weights;
  const int8_t *x = job->x.values + row * x_stride;
  const int8_t *more_x = second > 0 ? x + first * x_stride : x;
  const float *scales = job->x.scales + row * groups;
  const int32_t *starts = job->x.starts + row * groups;
  memset(totals, 0, sizeof totals);
  for (size_t g = 0; g < groups; g++) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    _tile_loadd(4, x + g * CK_GROUP, x_stride);
    _tile_loadd(6, weights, 64);
    _tile_dpbsud(0, 4, 6);
    _tile_loadd(7, more_weights, 64);
    _tile_dpbsud(1, 4, 7);
    _tile_loadd(5, more_x + g * CK_GROUP, x_stride);
    _tile_dpbsud(2, 5, 6);
    _tile_dpbsud(3, 5, 7);
    _tile_stored(0, sums[0], 64);
    _tile_stored(1, sums[1], 64);
    _tile_stored(2, sums[2], 64);
    _tile_stored(3, sums[3], 64);
    const __m512 low = _mm512_load_ps(weights + CK_GROUP * CK_PANEL);
    const __m512 high = _mm512_load_ps(more_weights + CK_GROUP * CK_PANEL);
    const size_t stride = 2 * CK_PANEL;
    float *below = totals + first * stride;
    const size_t skipped = first * groups + g;
    add_sums(sums[0], first, scales + g, starts + g, groups, low, totals, stride);
    add_sums(sums[1], first, scales + g, starts + g, groups, high, totals + CK_PANEL, stride);
    add_sums(sums[2], second, scales + skipped, starts + skipped, groups, low, below, stride);
    add_sums(
        sums[3], second, scales + skipped, starts + skipped, groups, high, below + CK_PANEL,
        stride);
    weights += CK_Q8_GROUP_BYTES;
    more_weights += CK_Q8_GROUP_BYTES;
  }
  for (size_t r = 0; r < first + second; r++) {
    const float *total = totals + r * 2 * CK_PANEL;
    ck_avx512_store_row(&job->target, row + r, panel * CK_PANEL, _mm512_load_ps(total));
    if (panels > 1) {
      ck_avx512_store_row(&job->target, row + r, (panel + 1) * CK_PANEL, _mm512_load_ps(total + CK_PANEL));
    }
  }
}

TARGET void ck_amx_linear_q8(
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
