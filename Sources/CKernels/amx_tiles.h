// What the AMX kernels share.
#ifndef CK_AMX_TILES_H
#define CK_AMX_TILES_H

#include <immintrin.h>

#include "include/linear.h"

#define CK_AMX_FEATURES "avx512f,avx512bw,avx512dq,avx512vl,amx-tile,amx-int8"

/// Rows of a tile, rows that two tiles hold, and rows up to which the vector kernels are as fast: a
/// tile product takes as long for one row as for many.
enum { ck_amx_tile_rows = 16, ck_amx_most_rows = 32, ck_amx_least_rows = 5 };

/// Operand of ldtilecfg: palette 1, then bytes a row and rows of each tile.
typedef struct ck_amx_shapes {
  uint8_t palette;
  uint8_t start_row;
  uint8_t reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} ck_amx_shapes;

/// Tiles 0...3 are sums (row block * 2 + panel), 4 and 5 activations of `first` and `second` rows and
/// `inputs` columns, 6 and 7 weights of 16 outputs. The configuration is volatile because compilers
/// have been seen to drop its stores.
static inline __attribute__((target(CK_AMX_FEATURES), always_inline)) void ck_amx_configure(
    size_t first, size_t second, size_t inputs) {
  volatile ck_amx_shapes shapes = {.palette = 1};
  for (int t = 0; t < 8; t++) {
    shapes.row_bytes[t] = 64;
    shapes.rows[t] = 16;
  }
  shapes.row_bytes[4] = shapes.row_bytes[5] = (uint16_t)inputs;
  shapes.rows[6] = shapes.rows[7] = (uint8_t)(inputs / 4);
  shapes.rows[0] = shapes.rows[1] = shapes.rows[4] = (uint8_t)first;
  shapes.rows[2] = shapes.rows[3] = shapes.rows[5] = (uint8_t)(second > 0 ? second : 1);
  _tile_loadconfig((const void *)&shapes);
}

#endif
