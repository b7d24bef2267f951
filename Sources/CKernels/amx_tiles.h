// What the AMX kernels share, besides tiles 512-bit vectors.
#ifndef CK_AMX_TILES_H
#define CK_AMX_TILES_H

#include <immintrin.h>

#define CK_AMX_FEATURES "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,amx-tile,amx-int8,amx-bf16"
#define CK_TARGET __attribute__((target(CK_AMX_FEATURES)))
#define CK_PART static inline __attribute__((target(CK_AMX_FEATURES), always_inline))
#define CK_HAS_FMA 1
#define CK_HAS_VNNI 1
#define CK_WIDTH 16
#include "lanes.h"

/// Rows of a tile, and rows that two tiles hold.
enum { ck_amx_tile_rows = 16, ck_amx_most_rows = 32 };

/// Operand of ldtilecfg: palette 1, then bytes a row and rows of each tile.
typedef struct ck_amx_shapes {
  uint8_t palette;
  uint8_t start_row;
  uint8_t reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} ck_amx_shapes;

/// Tiles 0...3 are sums (row block * 2 + panel), 4 and 5 activations of `first` and `second` rows
/// of `row_bytes`, 6 and 7 weights of 16 outputs and as many inputs. The configuration is volatile
/// because compilers have been seen to drop its stores.
CK_PART void ck_amx_configure(size_t first, size_t second, size_t row_bytes) {
  volatile ck_amx_shapes shapes = {.palette = 1};
  for (int t = 0; t < 8; t++) {
    shapes.row_bytes[t] = 64;
    shapes.rows[t] = 16;
  }
  shapes.row_bytes[4] = shapes.row_bytes[5] = (uint16_t)row_bytes;
  shapes.rows[6] = shapes.rows[7] = (uint8_t)(row_bytes / 4);
  shapes.rows[0] = shapes.rows[1] = shapes.rows[4] = (uint8_t)first;
  shapes.rows[2] = shapes.rows[3] = shapes.rows[5] = (uint8_t)(second > 0 ? second : 1);
  _tile_loadconfig((const void *)&shapes);
}

/// Rows of fp32 sums of two panels, [rows][2][16].
enum { ck_amx_sum_stride = 2 * CK_PANEL };

/// Sums of bytes of two blocks of rows and two panels. They leave the tiles for memory, from where
/// they cannot be read at once: kernels have two of these, and read one while the other is written.
typedef struct ck_amx_sums {
  _Alignas(64) int32_t of[4][ck_amx_tile_rows * CK_PANEL];
} ck_amx_sums;

/// The products of bytes: activations of one or, where `more_x` is not null, two blocks of rows
/// with weights of two panels. Where there is one panel, the caller gives it twice and drops half.
CK_PART void ck_amx_multiply_bytes(
    const int8_t *x, const int8_t *more_x, size_t x_stride, const uint8_t *weights,
    const uint8_t *more_weights, ck_amx_sums *sums) {
  _tile_zero(0);
  _tile_zero(1);
  _tile_loadd(4, x, x_stride);
  _tile_loadd(6, weights, 64);
  _tile_dpbsud(0, 4, 6);
  _tile_loadd(7, more_weights, 64);
  _tile_dpbsud(1, 4, 7);
  _tile_stored(0, sums->of[0], 64);
  _tile_stored(1, sums->of[1], 64);
  if (more_x) {
    _tile_zero(2);
    _tile_zero(3);
    _tile_loadd(5, more_x, x_stride);
    _tile_dpbsud(2, 5, 6);
    _tile_dpbsud(3, 5, 7);
    _tile_stored(2, sums->of[2], 64);
    _tile_stored(3, sums->of[3], 64);
  }
}

/// Puts rows of sums of one or two panels where a product goes.
CK_PART void ck_amx_store(
    const ck_linear_target *target, size_t row, size_t rows, size_t panel, size_t panels,
    const float *sums) {
  for (size_t r = 0; r < rows; r++, sums += ck_amx_sum_stride) {
    store_sums(target, row + r, panel * CK_PANEL, load(sums));
    if (panels > 1) {
      store_sums(target, row + r, (panel + 1) * CK_PANEL, load(sums + CK_PANEL));
    }
  }
}

#endif
