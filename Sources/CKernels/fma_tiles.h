// Products of fp32 activations with fp32 or bfloat16 weights. A file defines CK_WIDTH,
// CK_F32_ROWS, CK_BF16_ROWS and CK_PANELS (rows and panels of a tile), CK_BF16_SUMS (registers for
// sums of bfloat16 products), CK_TARGET (a function attribute), CK_PART (the same for inlined parts)
// and CK_NAME(kernel), then includes this one.

#include "lanes.h"
#include "levels.h"

// Every output is summed in the same order whatever the tile, the level and the number of rows:
//
// - fp32 in four chains, each over a quarter of the inputs, and (0 + 1) + (2 + 3) of these. A high
//   tile goes through them one by one, a low one, which would wait for its own additions, at once;
// - bfloat16 as the tiles of AMX do it: in chains over the even and the odd ones of 32 inputs, whose
//   sum is added to the total. Products of two bfloat16 numbers are exact.

enum {
  panel_vectors = CK_PANEL / CK_WIDTH,
  tile_vectors = CK_PANELS * panel_vectors,
  chains = 4,
};

/// Adds input k to the sums of a tile.
CK_PART void add_input(
    const ck_linear *job, const float *x, const float *const *panels, size_t rows, size_t vectors,
    size_t k, lanes (*sums)[tile_vectors]) {
  lanes w[tile_vectors];
#pragma clang loop unroll(full)
  for (size_t v = 0; v < vectors; v++) {
    w[v] = load(panels[v / panel_vectors] + k * CK_PANEL + v % panel_vectors * width);
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    const lanes value = splat(x[r * job->x_stride + k]);
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      sums[r][v] = fused(value, w[v], sums[r][v]);
    }
  }
}

/// First input of chain `c`.
CK_PART size_t chain_start(const ck_linear *job, size_t c) { return job->in * c / chains; }

/// Sums of the chains from `c` on, `count` of them at once.
CK_PART void sum_chains(
    const ck_linear *job, const float *x, const float *const *panels, size_t rows, size_t vectors,
    size_t c, size_t count, lanes (*sums)[CK_F32_ROWS][tile_vectors]) {
  lanes own[chains][CK_F32_ROWS][tile_vectors];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < count * rows; i++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      own[i / rows][i % rows][v] = (lanes){0};
    }
  }
  const size_t least = job->in / chains;
#pragma clang loop unroll_count(2)
  for (size_t k = 0; k < least; k++) {
#pragma clang loop unroll(full)
    for (size_t i = 0; i < count; i++) {
      add_input(job, x, panels, rows, vectors, chain_start(job, c + i) + k, own[i]);
    }
  }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < count; i++) {
    if (chain_start(job, c + i) + least < chain_start(job, c + i + 1)) {
      add_input(job, x, panels, rows, vectors, chain_start(job, c + i) + least, own[i]);
    }
  }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < count * rows; i++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      sums[c + i / rows][i % rows][v] = own[i / rows][i % rows][v];
    }
  }
}

/// Rows [row, row + rows) of `count` panels; both counts are constants where this is inlined.
CK_PART void tile_f32(
    const ck_linear *job, size_t row, size_t rows, size_t panel, size_t count, ck_ahead *ahead) {
  const float *first = (const float *)job->weights + panel * job->in * CK_PANEL;
  const float *panels[] = {first, first + job->in * CK_PANEL};
  const float *x = job->x + row * job->x_stride;
  const size_t vectors = count * panel_vectors, few = rows * vectors;
  const size_t at_once = few < 4 ? chains : few < 8 ? chains / 2 : 1;
  lanes sums[chains][CK_F32_ROWS][tile_vectors];
  for (size_t c = 0; c < chains; c += at_once) {
    ck_ask(ahead, ahead->share / chains * at_once);
    sum_chains(job, x, panels, rows, vectors, c, at_once, sums);
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      const lanes sum = (sums[0][r][v] + sums[1][r][v]) + (sums[2][r][v] + sums[3][r][v]);
      store_sums(&job->target, row + r, panel * CK_PANEL + v * width, sum);
    }
  }
}

/// a * b + c of bfloat16 numbers a and b, whose product is exact.
CK_PART lanes add_exact(lanes a, lanes b, lanes c) {
#if CK_HAS_FMA
  return fused(a, b, c);
#else
  return a * b + c;
#endif
}

/// Weights of inputs 2i or, for `parity` 1, 2i + 1: the upper half of an fp32 number is a bfloat16
/// number, and the two of an output are neighbours.
CK_PART lanes half_weights(const uint8_t *panel, size_t i, size_t parity, size_t v) {
  const ints pairs = load_ints(panel + (i * CK_PANEL + v * width) * 4);
  return (lanes)(parity == 0 ? pairs << 16 : pairs & (int32_t)0xffff0000);
}

/// Adds 32 inputs to the totals of a tile. `at_once` chains, one for each parity or both, go side by
/// side.
CK_PART void add_step(
    const float *x, size_t x_stride, const uint8_t *const *panels, size_t at_once, size_t rows,
    size_t vectors, lanes (*totals)[tile_vectors]) {
  lanes sums[2][CK_BF16_ROWS][tile_vectors];
  for (size_t first = 0; first < 2; first += at_once) {
    lanes own[2][CK_BF16_ROWS][tile_vectors];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < at_once * rows * vectors; i++) {
      own[i / vectors / rows][i / vectors % rows][i % vectors] = (lanes){0};
    }
#pragma clang loop unroll_count(2)
    for (size_t k = 0; k < CK_BF16_STEP / 2; k++) {
#pragma clang loop unroll(full)
      for (size_t c = 0; c < at_once; c++) {
        lanes w[tile_vectors];
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) {
          w[v] = half_weights(panels[v / panel_vectors], k, first + c, v % panel_vectors);
        }
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
          const lanes value = splat(x[r * x_stride + 2 * k + first + c]);
#pragma clang loop unroll(full)
          for (size_t v = 0; v < vectors; v++) {
            own[c][r][v] = add_exact(value, w[v], own[c][r][v]);
          }
        }
      }
    }
#pragma clang loop unroll(full)
    for (size_t i = 0; i < at_once * rows * vectors; i++) {
      const size_t c = i / vectors / rows, r = i / vectors % rows, v = i % vectors;
      sums[first + c][r][v] = own[c][r][v];
    }
  }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows * vectors; i++) {
    const size_t r = i / vectors, v = i % vectors;
    totals[r][v] += sums[0][r][v] + sums[1][r][v];
  }
}

CK_PART void tile_bf16(
    const ck_linear *job, size_t row, size_t rows, size_t panel, size_t count, ck_ahead *ahead) {
  const size_t steps = ck_bf16_padded(job->in) / CK_BF16_STEP;
  const size_t x_stride = steps * CK_BF16_STEP, panel_bytes = ck_bf16_panel_bytes(job->in);
  const uint8_t *first = (const uint8_t *)job->weights + panel * panel_bytes;
  const uint8_t *panels[] = {first, first + panel_bytes};
  const float *x = (const float *)job->rounded + row * x_stride;
  const size_t vectors = count * panel_vectors, few = 2 * rows * vectors;
  const size_t at_once = few <= CK_BF16_SUMS ? 2 : 1;
  lanes totals[CK_BF16_ROWS][tile_vectors];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      totals[r][v] = (lanes){0};
    }
  }
  const size_t share = ahead->share / (steps > 0 ? steps : 1);
  for (size_t step = 0; step < steps; step++) {
    ck_ask(ahead, share);
    add_step(x, x_stride, panels, at_once, rows, vectors, totals);
    x += CK_BF16_STEP;
    panels[0] += CK_BF16_STEP * CK_PANEL * 2;
    panels[1] += CK_BF16_STEP * CK_PANEL * 2;
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      store_sums(&job->target, row + r, panel * CK_PANEL + v * width, totals[r][v]);
    }
  }
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
