#include <string.h>

#include "levels.h"
#include "portable_store.h"

// Four rows by half a panel: eight accumulators of four lanes fit the sixteen registers of SSE2 and
// leave room for two weights and one broadcast.

typedef float lanes __attribute__((vector_size(16)));

enum { tile_rows = 4, tile_columns = 8 };

static void store(const ck_linear *job, size_t row, size_t column, size_t rows, const float *sums) {
  for (size_t r = 0; r < rows; r++) {
    ck_portable_store_row(&job->target, row + r, column, tile_columns, sums + r * tile_columns);
  }
}

static inline void tile(
    const ck_linear *job, size_t row, size_t rows, const float *weights, float *sums) {
  lanes left[tile_rows] = {0}, right[tile_rows] = {0};
  const float *x = job->x + row * job->x_stride;
  for (size_t k = 0; k < job->in; k++) {
    lanes a, b;
    memcpy(&a, weights + k * CK_PANEL, sizeof a);
    memcpy(&b, weights + k * CK_PANEL + 4, sizeof b);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      const float value = x[r * job->x_stride + k];
      left[r] += a * value;
      right[r] += b * value;
    }
  }
  for (size_t r = 0; r < rows; r++) {
    memcpy(sums + r * tile_columns, &left[r], sizeof left[r]);
    memcpy(sums + r * tile_columns + 4, &right[r], sizeof right[r]);
  }
}

void ck_portable_linear_f32(
    const ck_linear *job, size_t row, size_t row_end, size_t panel, size_t panel_end) {
  float sums[tile_rows * tile_columns];
  for (; panel < panel_end; panel++) {
    const float *weights = job->weights + panel * CK_PANEL * job->in;
    for (size_t half = 0; half < CK_PANEL; half += tile_columns) {
      const size_t column = panel * CK_PANEL + half;
      if (column >= job->target.out) {
        break;
      }
      size_t r = row;
      for (; r + tile_rows <= row_end; r += tile_rows) {
        tile(job, r, tile_rows, weights + half, sums);
        store(job, r, column, tile_rows, sums);
      }
      for (; r < row_end; r++) {
        tile(job, r, 1, weights + half, sums);
        store(job, r, column, 1, sums);
      }
    }
  }
}

void ck_pack_f32(const float *source, size_t rows, size_t in, float *panel) {
  memset(panel, 0, in * CK_PANEL * sizeof(float));
  for (size_t r = 0; r < rows; r++) {
    for (size_t k = 0; k < in; k++) {
      panel[k * CK_PANEL + r] = source[r * in + k];
    }
  }
}
