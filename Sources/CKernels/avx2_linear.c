#include "levels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "avx2_store.h"

// Six rows by one panel: twelve accumulators of eight lanes, two registers of weights, one of
// broadcast activations. A panel streams through once for each six rows while they stay in L1.

#define TARGET __attribute__((target("avx2,fma")))
#define TILE static inline __attribute__((target("avx2,fma"), always_inline))

enum { tile_rows = 6 };

/// Rows [row, row + rows) of one panel; `rows` is a constant where this is inlined.
TILE void tile(const ck_linear *job, size_t row, size_t rows, size_t panel) {
  const float *weights = job->weights + panel * CK_PANEL * job->in;
  const float *x = job->x + row * job->x_stride;
  const size_t stride = job->x_stride;
  __m256 low[tile_rows], high[tile_rows];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    low[r] = high[r] = _mm256_setzero_ps();
  }
  for (size_t k = 0; k < job->in; k++) {
    const __m256 a = _mm256_load_ps(weights + k * CK_PANEL);
    const __m256 b = _mm256_load_ps(weights + k * CK_PANEL + 8);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      const __m256 value = _mm256_broadcast_ss(x + r * stride + k);
      low[r] = _mm256_fmadd_ps(value, a, low[r]);
      high[r] = _mm256_fmadd_ps(value, b, high[r]);
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    ck_avx2_store_row(&job->target, row + r, panel * CK_PANEL, low[r], high[r]);
  }
}

/// One row: the sum is split over four pairs of accumulators, else it would wait for each addition.
TILE void single_row(const ck_linear *job, size_t row, size_t panel) {
  const float *weights = job->weights + panel * CK_PANEL * job->in;
  const float *x = job->x + row * job->x_stride;
  __m256 low[4], high[4];
  for (int i = 0; i < 4; i++) {
    low[i] = high[i] = _mm256_setzero_ps();
  }
  size_t k = 0;
  for (; k + 4 <= job->in; k += 4) {
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++) {
      const __m256 value = _mm256_broadcast_ss(x + k + i);
      const float *w = weights + (k + i) * CK_PANEL;
      low[i] = _mm256_fmadd_ps(value, _mm256_load_ps(w), low[i]);
      high[i] = _mm256_fmadd_ps(value, _mm256_load_ps(w + 8), high[i]);
    }
  }
  for (; k < job->in; k++) {
    const __m256 value = _mm256_broadcast_ss(x + k);
    low[0] = _mm256_fmadd_ps(value, _mm256_load_ps(weights + k * CK_PANEL), low[0]);
    high[0] = _mm256_fmadd_ps(value, _mm256_load_ps(weights + k * CK_PANEL + 8), high[0]);
  }
  ck_avx2_store_row(
      &job->target, row, panel * CK_PANEL,
      _mm256_add_ps(_mm256_add_ps(low[0], low[1]), _mm256_add_ps(low[2], low[3])),
      _mm256_add_ps(_mm256_add_ps(high[0], high[1]), _mm256_add_ps(high[2], high[3])));
}

TARGET void ck_avx2_linear_f32(
    const ck_linear *job, size_t row, size_t row_end, size_t panel, size_t panel_end) {
  for (; panel < panel_end; panel++) {
    size_t rows = 0;
    for (size_t r = row; r < row_end; r += rows) {
      rows = ck_tile_rows(row_end - r, tile_rows);
      switch (rows) {
        case 6: tile(job, r, 6, panel); break;
        case 5: tile(job, r, 5, panel); break;
        case 4: tile(job, r, 4, panel); break;
        case 3: tile(job, r, 3, panel); break;
        case 2: tile(job, r, 2, panel); break;
        default: single_row(job, r, panel); break;
      }
    }
  }
}

#endif
