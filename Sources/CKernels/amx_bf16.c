#include "levels.h"

#if defined(__x86_64__)

#include "amx_tiles.h"
#include "half.h"

// Tiles of 16 rows by 16 outputs over 32 inputs of bfloat16, two by two. Nothing is scaled, so sums
// stay in the tiles for all inputs.

enum { step_bytes = CK_BF16_STEP * 2 };

CK_TARGET void ck_amx_round(
    const float *x, size_t x_stride, size_t in, void *rounded, size_t row, size_t row_end) {
  const size_t padded = ck_bf16_padded(in);
  uint16_t *target = rounded;
  for (; row < row_end; row++) {
    for (size_t k = 0; k < in; k++) {
      target[row * padded + k] = ck_float_to_normal_bf16(x[row * x_stride + k]);
    }
    memset(target + row * padded + in, 0, (padded - in) * sizeof(uint16_t));
  }
}

/// Up to 32 rows, `first` and `second` of them in the two blocks, of two panels. Where there is one
/// panel or one block only, the other is computed from the same operands and thrown away.
CK_PART void tile(
    const ck_linear *job, size_t row, size_t first, size_t second, size_t panel, size_t panels) {
  _Alignas(64) float sums[ck_amx_most_rows * ck_amx_sum_stride];
  const size_t padded = ck_bf16_padded(job->in), x_stride = padded * 2;
  const size_t panel_bytes = ck_bf16_panel_bytes(job->in);
  const uint8_t *weights = (const uint8_t *)job->weights + panel * panel_bytes;
  const uint8_t *more_weights = panels > 1 ? weights + panel_bytes : weights;
  const uint8_t *x = (const uint8_t *)job->rounded + row * x_stride;
  const uint8_t *more_x = second > 0 ? x + first * x_stride : x;
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (size_t k = 0; k < padded; k += CK_BF16_STEP) {
    _tile_loadd(4, x, x_stride);
    _tile_loadd(6, weights, 64);
    _tile_dpbf16ps(0, 4, 6);
    _tile_loadd(7, more_weights, 64);
    _tile_dpbf16ps(1, 4, 7);
    _tile_loadd(5, more_x, x_stride);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
    x += step_bytes;
    more_x += step_bytes;
    weights += step_bytes * CK_PANEL;
    more_weights += step_bytes * CK_PANEL;
  }
  enum { stride_bytes = ck_amx_sum_stride * 4 };
  float *below = sums + first * ck_amx_sum_stride;
  _tile_stored(0, sums, stride_bytes);
  _tile_stored(1, sums + CK_PANEL, stride_bytes);
  if (second > 0) {
    _tile_stored(2, below, stride_bytes);
    _tile_stored(3, below + CK_PANEL, stride_bytes);
  }
  ck_amx_store(&job->target, row, first + second, panel, panels, sums);
}

CK_TARGET void ck_amx_linear_bf16(
    const ck_linear *job, size_t row, size_t row_end, size_t panel, size_t panel_end) {
  size_t rows = 0;
  for (; row < row_end; row += rows) {
    rows = ck_tile_rows(row_end - row, ck_amx_most_rows);
    const size_t first = rows < ck_amx_tile_rows ? rows : ck_amx_tile_rows;
    ck_amx_configure(first, rows - first, step_bytes);
    for (size_t p = panel; p < panel_end; p += ck_amx_panels) {
      tile(job, row, first, rows - first, p, panel_end - p);
    }
  }
  _tile_release();
}

#endif
