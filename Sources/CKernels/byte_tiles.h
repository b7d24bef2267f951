// Products of byte activations with 8- and 4-bit weights. A file defines CK_WIDTH, CK_Q8_ROWS,
// CK_Q4_ROWS and CK_PANELS (rows and panels of a tile), CK_TARGET (a function attribute), CK_PART
// (the same for inlined parts) and CK_NAME(kernel), includes lanes.h and defines
//
//   ints add_products(ints sums, ints weights, ints inputs)
//     adds four products of bytes in each lane, weights and activations in the level's ck_q8_range;
//   ints small_products(ints weights, ints inputs)
//     four such products with weights 0...15, in a form of their own;
//   ints add_small_products(ints sums, ints weights, ints inputs)
//     adds them to up to seven others;
//   ints small_sums(ints sums)
//     what those sums are;
//   CK_SET_ASIDE(totals)
//     nothing, or what lets the compiler leave the totals in memory between groups;
//
// then includes this one.

#include "levels.h"

enum {
  panel_vectors = CK_PANEL / CK_WIDTH,
  tile_vectors = CK_PANELS * panel_vectors,
  half_group = CK_GROUP / 2,
};

/// Four activations in each lane.
CK_PART ints four_inputs(const int8_t *x) {
  int32_t four;
  memcpy(&four, x, sizeof four);
  return splat_ints(four);
}

/// What vector v has of the elements of `bytes` bytes, one for each output, at `place` of a panel.
CK_PART const uint8_t *part(const uint8_t *const *panels, size_t v, size_t place, size_t bytes) {
  return panels[v / panel_vectors] + place + v % panel_vectors * width * bytes;
}

CK_PART void clear(size_t rows, size_t vectors, lanes (*totals)[tile_vectors]) {
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      totals[r][v] = (lanes){0};
    }
  }
}

CK_PART void store_tile(
    const ck_linear_target *target, size_t row, size_t rows, size_t column, size_t vectors,
    lanes (*totals)[tile_vectors]) {
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      store_sums(target, row + r, column + v * width, totals[r][v]);
    }
  }
}

/// Rows [row, row + rows) of `count` panels; both counts are constants where this is inlined.
CK_PART void tile_q8(
    const ck_linear_q8 *job, size_t row, size_t rows, size_t panel, size_t count,
    ck_ahead *ahead) {
  const size_t groups = job->x.groups, panel_bytes = groups * CK_Q8_GROUP_BYTES;
  const size_t vectors = count * panel_vectors;
  const uint8_t *first = job->weights + panel * panel_bytes;
  const uint8_t *panels[] = {first, first + panel_bytes};
  const int8_t *x = job->x.values + row * groups * CK_GROUP;
  const float *scales = job->x.scales + row * groups;
  const int32_t *starts = job->x.starts + row * groups;
  lanes totals[CK_Q8_ROWS][tile_vectors];
  clear(rows, vectors, totals);
  const size_t share = ahead->share / groups;
  for (size_t g = 0; g < groups; g++, x += CK_GROUP) {
    ck_ask(ahead, share);
    ints sums[CK_Q8_ROWS][tile_vectors];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) {
        sums[r][v] = splat_ints(starts[r * groups + g]);
      }
    }
#pragma clang loop unroll_count(4)
    for (size_t k = 0; k < CK_GROUP; k += 4) {
      ints w[tile_vectors];
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) {
        w[v] = load_ints(part(panels, v, k * CK_PANEL, 4));
      }
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        const ints inputs = four_inputs(x + r * groups * CK_GROUP + k);
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) {
          sums[r][v] = add_products(sums[r][v], w[v], inputs);
        }
      }
    }
    CK_SET_ASIDE(totals);
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      const uint8_t *own = part(panels, v, CK_GROUP * CK_PANEL, 4);
      const lanes weight_scales = load((const float *)(const void *)own);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        totals[r][v] += to_floats(sums[r][v]) * (weight_scales * splat(scales[r * groups + g]));
      }
    }
    CK_SET_ASIDE(totals);
    panels[0] += CK_Q8_GROUP_BYTES;
    panels[1] += CK_Q8_GROUP_BYTES;
  }
  store_tile(&job->target, row, rows, panel * CK_PANEL, vectors, totals);
}

/// The products of four inputs of all rows, `x_stride` apart, with weights of 4 bits, added to
/// those of the four before, or in their place where these are the first.
CK_PART void add_small_quad(
    const int8_t *x, size_t x_stride, size_t rows, size_t vectors, const ints *weights, bool first,
    ints (*sums)[tile_vectors]) {
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    const ints inputs = four_inputs(x + r * x_stride);
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      sums[r][v] = first ? small_products(weights[v], inputs)
                         : add_small_products(sums[r][v], weights[v], inputs);
    }
  }
}

/// As `tile_q8` for weights of 4 bits, each half of a group with sums of its own.
CK_PART void tile_q4(
    const ck_linear_q8 *job, size_t row, size_t rows, size_t panel, size_t count,
    ck_ahead *ahead) {
  const size_t groups = job->x.groups, panel_bytes = groups * CK_Q4_GROUP_BYTES;
  const size_t vectors = count * panel_vectors;
  const uint8_t *first = job->weights + panel * panel_bytes;
  const uint8_t *panels[] = {first, first + panel_bytes};
  const int8_t *x = job->x.values + row * groups * CK_GROUP;
  const float *scales = job->x.scales + row * groups;
  const float *input_sums = job->x.sums + row * groups * 2;
  lanes totals[CK_Q4_ROWS][tile_vectors];
  clear(rows, vectors, totals);
  const size_t share = ahead->share / groups;
  for (size_t g = 0; g < groups; g++) {
    ck_ask(ahead, share);
#pragma clang loop unroll(full)
    for (size_t half = 0; half < 2; half++, x += half_group) {
      ints sums[CK_Q4_ROWS][tile_vectors];
#pragma clang loop unroll(full)
      for (size_t k = 0; k < half_group; k += 4) {
        ints w[tile_vectors];
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) {
          w[v] = load_nibbles(part(panels, v, k * CK_PANEL, 4), half == 1);
        }
        add_small_quad(x + k, groups * CK_GROUP, rows, vectors, w, k == 0, sums);
      }
      CK_SET_ASIDE(totals);
      const size_t place = half_group * CK_PANEL + half * CK_PANEL * 2;
      lanes weight_scales[tile_vectors], minimums[tile_vectors];
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) {
        weight_scales[v] = load_halves(part(panels, v, place, 2));
        minimums[v] = load_halves(part(panels, v, place + 2 * CK_PANEL * 2, 2));
      }
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        const lanes scale = splat(scales[r * groups + g]);
        const lanes input_sum = splat(input_sums[(r * groups + g) * 2 + half]);
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) {
          totals[r][v] += to_floats(small_sums(sums[r][v])) * (weight_scales[v] * scale);
          totals[r][v] += minimums[v] * input_sum;
        }
      }
      CK_SET_ASIDE(totals);
    }
    panels[0] += CK_Q4_GROUP_BYTES;
    panels[1] += CK_Q4_GROUP_BYTES;
  }
  store_tile(&job->target, row, rows, panel * CK_PANEL, vectors, totals);
}

#define CK_JOB ck_linear_q8
#define CK_TILE tile_q8
#define CK_TILE_ROWS CK_Q8_ROWS
#define CK_PANEL_BYTES (job->x.groups * CK_Q8_GROUP_BYTES)
#define CK_KERNEL CK_NAME(linear_q8)
#include "walk.h"

#define CK_JOB ck_linear_q8
#define CK_TILE tile_q4
#define CK_TILE_ROWS CK_Q4_ROWS
#define CK_PANEL_BYTES (job->x.groups * CK_Q4_GROUP_BYTES)
#define CK_KERNEL CK_NAME(linear_q4)
#include "walk.h"
