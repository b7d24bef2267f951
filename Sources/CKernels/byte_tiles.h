// Products of byte activations with 8- and 4-bit weights. A file defines CK_WIDTH, CK_ROWS and
// CK_PANELS (rows and panels of a tile), CK_TARGET (a function attribute), CK_PART (the same for
// inlined parts) and CK_NAME(kernel), includes lanes.h and defines
//
//   ints add_products(ints sums, ints weights, ints inputs)
//     adds four products of bytes in each lane, weights and activations in the level's ck_q8_range;
//   ints add_small_products(ints sums, ints weights, ints inputs)
//     the same for weights 0...15, up to eight times, where sums may have a form of their own;
//   ints small_sums(ints sums)
//     what the sums of those are;
//   enum { quads_unrolled = ... }
//     times four inputs that the loop over 4-bit weights takes at once;
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

/// Rows [row, row + rows) of `count` panels; both counts are constants where this is inlined.
CK_PART void tile_q8(
    const ck_linear_q8 *job, size_t row, size_t rows, size_t panel, size_t count) {
  const size_t groups = job->x.groups, panel_bytes = groups * CK_Q8_GROUP_BYTES;
  const size_t vectors = count * panel_vectors;
  const uint8_t *first = job->weights + panel * panel_bytes;
  const uint8_t *panels[] = {first, first + panel_bytes};
  const int8_t *x = job->x.values + row * groups * CK_GROUP;
  const float *scales = job->x.scales + row * groups;
  const int32_t *starts = job->x.starts + row * groups;
  lanes totals[CK_ROWS][tile_vectors];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      totals[r][v] = (lanes){0};
    }
  }
  for (size_t g = 0; g < groups; g++, x += CK_GROUP) {
    ints sums[CK_ROWS][tile_vectors];
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
    lanes weight_scales[tile_vectors];
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      const uint8_t *own = part(panels, v, CK_GROUP * CK_PANEL, 4);
      weight_scales[v] = load((const float *)(const void *)own);
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      const lanes scale = splat(scales[r * groups + g]);
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) {
        totals[r][v] += to_floats(sums[r][v]) * (weight_scales[v] * scale);
      }
    }
    panels[0] += CK_Q8_GROUP_BYTES;
    panels[1] += CK_Q8_GROUP_BYTES;
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      store_sums(&job->target, row + r, panel * CK_PANEL + v * width, totals[r][v]);
    }
  }
}

/// The same for weights of 4 bits, each half of a group with sums of its own.
CK_PART void tile_q4(
    const ck_linear_q8 *job, size_t row, size_t rows, size_t panel, size_t count) {
  const size_t groups = job->x.groups, panel_bytes = groups * CK_Q4_GROUP_BYTES;
  const size_t vectors = count * panel_vectors;
  const uint8_t *first = job->weights + panel * panel_bytes;
  const uint8_t *panels[] = {first, first + panel_bytes};
  const int8_t *x = job->x.values + row * groups * CK_GROUP;
  const float *scales = job->x.scales + row * groups;
  const float *input_sums = job->x.sums + row * groups * 2;
  lanes totals[CK_ROWS][tile_vectors];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      totals[r][v] = (lanes){0};
    }
  }
  for (size_t g = 0; g < groups; g++) {
#pragma clang loop unroll(full)
    for (size_t half = 0; half < 2; half++, x += half_group) {
      ints sums[CK_ROWS][tile_vectors];
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) {
          sums[r][v] = (ints){0};
        }
      }
#pragma clang loop unroll_count(quads_unrolled)
      for (size_t k = 0; k < half_group; k += 4) {
        ints w[tile_vectors];
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) {
          w[v] = load_nibbles(part(panels, v, k * CK_PANEL, 4), half == 1);
        }
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
          const ints inputs = four_inputs(x + r * groups * CK_GROUP + k);
#pragma clang loop unroll(full)
          for (size_t v = 0; v < vectors; v++) {
            sums[r][v] = add_small_products(sums[r][v], w[v], inputs);
          }
        }
      }
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
    }
    panels[0] += CK_Q4_GROUP_BYTES;
    panels[1] += CK_Q4_GROUP_BYTES;
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      store_sums(&job->target, row + r, panel * CK_PANEL + v * width, totals[r][v]);
    }
  }
}

#define CK_JOB ck_linear_q8
#define CK_TILE tile_q8
#define CK_TILE_ROWS CK_ROWS
#define CK_KERNEL CK_NAME(linear_q8)
#include "walk.h"

#define CK_JOB ck_linear_q8
#define CK_TILE tile_q4
#define CK_TILE_ROWS CK_ROWS
#define CK_KERNEL CK_NAME(linear_q4)
#include "walk.h"
