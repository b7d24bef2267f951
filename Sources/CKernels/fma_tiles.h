// Products of fp32 activations with fp32 or bfloat16 weights. A file defines CK_WIDTH,
// CK_F32_ROWS, CK_BF16_ROWS and CK_PANELS (rows and panels of a tile), CK_TARGET (a function
// attribute), CK_PART (the same for inlined parts) and CK_NAME(kernel), then includes this one.

#include "lanes.h"
#include "levels.h"

// A tile's sums stay in registers while its panels stream through once. Where they are too few to
// hide the latency of additions, inputs take turns with several sets of them.

enum {
  most_rows = CK_F32_ROWS > CK_BF16_ROWS ? CK_F32_ROWS : CK_BF16_ROWS,
  panel_vectors = CK_PANEL / CK_WIDTH,
  tile_vectors = CK_PANELS * panel_vectors,
  most_chains = 4,
};

/// Weights of input k and the outputs of vector v of a panel. The upper half of an fp32 number is a
/// bfloat16 number, and inputs 2i and 2i + 1 of an output are neighbours.
CK_PART lanes weights(const uint8_t *panel, bool halved, size_t k, size_t v) {
  if (!halved) {
    return load((const float *)(const void *)panel + k * CK_PANEL + v * width);
  }
  const ints pairs = load_ints(panel + (k / 2 * CK_PANEL + v * width) * 4);
  return (lanes)(k % 2 == 0 ? pairs << 16 : pairs & (int32_t)0xffff0000);
}

/// Adds input k to the sums of a tile.
CK_PART void add_input(
    const ck_linear *job, bool halved, const float *x, const uint8_t *const *panels, size_t rows,
    size_t vectors, size_t k, lanes (*sums)[tile_vectors]) {
  lanes w[tile_vectors];
#pragma clang loop unroll(full)
  for (size_t v = 0; v < vectors; v++) {
    w[v] = weights(panels[v / panel_vectors], halved, k, v % panel_vectors);
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    const lanes value = splat(x[r * job->x_stride + k]);
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      sums[r][v] += value * w[v];
    }
  }
}

/// Rows [row, row + rows) of `count` panels; both counts are constants where this is inlined.
CK_PART void tile(
    const ck_linear *job, bool halved, size_t row, size_t rows, size_t panel, size_t count,
    ck_ahead *ahead) {
  ck_ask(ahead, ahead->share);
  const size_t panel_bytes = halved ? ck_bf16_panel_bytes(job->in) : job->in * CK_PANEL * 4;
  const uint8_t *first = (const uint8_t *)job->weights + panel * panel_bytes;
  const uint8_t *panels[] = {first, first + panel_bytes};
  const float *x = job->x + row * job->x_stride;
  const size_t vectors = count * panel_vectors, few = rows * vectors;
  const size_t chains = few < 4 ? most_chains : few < 8 ? 2 : 1;
  lanes sums[most_chains][most_rows][tile_vectors];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < chains * rows; i++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      sums[i / rows][i % rows][v] = (lanes){0};
    }
  }
  size_t k = 0;
  for (; k + 2 * chains <= job->in; k += 2 * chains) {
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 2 * chains; i++) {
      add_input(job, halved, x, panels, rows, vectors, k + i, sums[i / 2]);
    }
  }
  for (; k < job->in; k++) {
    add_input(job, halved, x, panels, rows, vectors, k, sums[0]);
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      lanes sum = sums[0][r][v];
#pragma clang loop unroll(full)
      for (size_t c = 1; c < chains; c++) {
        sum += sums[c][r][v];
      }
      store_sums(&job->target, row + r, panel * CK_PANEL + v * width, sum);
    }
  }
}

CK_PART void tile_f32(
    const ck_linear *job, size_t row, size_t rows, size_t panel, size_t count,
    ck_ahead *ahead) {
  tile(job, false, row, rows, panel, count, ahead);
}

CK_PART void tile_bf16(
    const ck_linear *job, size_t row, size_t rows, size_t panel, size_t count,
    ck_ahead *ahead) {
  tile(job, true, row, rows, panel, count, ahead);
}

#define CK_JOB ck_linear
#define CK_TILE tile_f32
#define CK_TILE_ROWS CK_F32_ROWS
#define CK_PANEL_BYTES (job->in * CK_PANEL * sizeof(float))
#define CK_KERNEL CK_NAME(linear_f32)
#include "walk.h"

#define CK_JOB ck_linear
#define CK_TILE tile_bf16
#define CK_TILE_ROWS CK_BF16_ROWS
#define CK_PANEL_BYTES ck_bf16_panel_bytes(job->in)
#define CK_KERNEL CK_NAME(linear_bf16)
#include "walk.h"
