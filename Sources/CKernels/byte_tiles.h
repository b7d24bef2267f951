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
//   small_total first_half(ints sums, ints scales)
//     such sums times the low halves of scales, in a form of its own;
//   small_total second_half(small_total total, ints sums, ints scales)
//     adds others times the high halves;
//   lanes with_minimums(small_total total, ints minimums, ints input_sums)
//     adds the products of pairs of 16-bit integers, which is exact, and makes floats of the result;
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

/// The four bytes at `x` in each lane.
CK_PART ints splat_word(const void *x) {
  int32_t word;
  memcpy(&word, x, sizeof word);
  return splat_ints(word);
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
        const ints inputs = splat_word(x + r * groups * CK_GROUP + k);
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
        const lanes scale = weight_scales * splat(scales[r * groups + g]);
        totals[r][v] = fused(to_floats(sums[r][v]), scale, totals[r][v]);
      }
    }
    CK_SET_ASIDE(totals);
    panels[0] += CK_Q8_GROUP_BYTES;
    panels[1] += CK_Q8_GROUP_BYTES;
  }
  store_tile(&job->target, row, rows, panel * CK_PANEL, vectors, totals);
}

/// Sums of the products of half a group, 0 or 1, with weights of 4 bits.
CK_PART void add_small_half(
    const ck_linear_q8 *job, const int8_t *x, size_t half, size_t rows, size_t vectors,
    const uint8_t *const *panels, ints (*sums)[tile_vectors]) {
  const size_t x_stride = job->x.groups * CK_GROUP;
#pragma clang loop unroll(full)
  for (size_t k = 0; k < half_group; k += 4) {
    ints weights[tile_vectors];
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      weights[v] = load_nibbles(part(panels, v, k * CK_PANEL, 4), half == 1);
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      const ints inputs = splat_word(x + r * x_stride + half * half_group + k);
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) {
        sums[r][v] = k == 0 ? small_products(weights[v], inputs)
                            : add_small_products(sums[r][v], weights[v], inputs);
      }
    }
  }
}

/// As `tile_q8` for weights of 4 bits, each half of a group with a scale of its own.
CK_PART void tile_q4(
    const ck_linear_q8 *job, size_t row, size_t rows, size_t panel, size_t count,
    ck_ahead *ahead) {
  const size_t groups = job->x.groups, panel_bytes = ck_q4_panel_bytes(groups);
  const size_t vectors = count * panel_vectors;
  const uint8_t *first = job->weights + panel * panel_bytes;
  const uint8_t *panels[] = {first, first + panel_bytes};
  const int8_t *x = job->x.values + row * groups * CK_GROUP;
  const float *scales = job->x.scales + row * groups;
  lanes totals[CK_Q4_ROWS][tile_vectors];
  clear(rows, vectors, totals);
  const size_t share = ahead->share / groups;
  for (size_t g = 0; g < groups; g++, x += CK_GROUP) {
    ck_ask(ahead, share);
    ints sums[CK_Q4_ROWS][tile_vectors], scales_of[tile_vectors], minimums[tile_vectors];
    small_total parts[CK_Q4_ROWS][tile_vectors];
    add_small_half(job, x, 0, rows, vectors, panels, sums);
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      scales_of[v] = load_ints(part(panels, v, half_group * CK_PANEL, 4));
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        parts[r][v] = first_half(sums[r][v], scales_of[v]);
      }
    }
    CK_SET_ASIDE(parts);
    add_small_half(job, x, 1, rows, vectors, panels, sums);
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      minimums[v] = load_ints(part(panels, v, (half_group + 4) * CK_PANEL, 4));
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        parts[r][v] = second_half(parts[r][v], sums[r][v], scales_of[v]);
        const ints input_sums = splat_word(job->x.sums + ((row + r) * groups + g) * 2);
        const lanes part = with_minimums(parts[r][v], minimums[v], input_sums);
        totals[r][v] = fused(part, splat(scales[r * groups + g]), totals[r][v]);
      }
    }
    CK_SET_ASIDE(totals);
    panels[0] += CK_Q4_GROUP_BYTES;
    panels[1] += CK_Q4_GROUP_BYTES;
  }
#pragma clang loop unroll(full)
  for (size_t v = 0; v < vectors; v++) {
    const lanes units = load((const float *)(const void *)part(panels, v, 0, 4));
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      totals[r][v] *= units;
    }
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
#define CK_PANEL_BYTES ck_q4_panel_bytes(job->x.groups)
#define CK_KERNEL CK_NAME(linear_q4)
#include "walk.h"
