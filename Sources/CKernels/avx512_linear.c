#include "levels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "avx512_store.h"

// Eleven rows by two panels: 22 accumulators of sixteen lanes. Activations are broadcast from
// memory by the multiplication itself.

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define TILE \
  static inline __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"), always_inline))

enum { tile_rows = 11 };

/// Rows [row, row + rows) of one or two panels; both counts are constants where this is inlined.
TILE void tile(const ck_linear *job, size_t row, size_t rows, size_t panel, int panels) {
  const float *first = job->weights + panel * CK_PANEL * job->in;
  const float *second = first + CK_PANEL * job->in;
  const float *x = job->x + row * job->x_stride;
  const size_t stride = job->x_stride;
  __m512 a[tile_rows], b[tile_rows];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    a[r] = b[r] = _mm512_setzero_ps();
  }
  for (size_t k = 0; k < job->in; k++) {
    const __m512 first_weights = _mm512_load_ps(first + k * CK_PANEL);
    const __m512 second_weights =
        panels > 1 ? _mm512_load_ps(second + k * CK_PANEL) : first_weights;
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      const __m512 value = _mm512_set1_ps(x[r * stride + k]);
      a[r] = _mm512_fmadd_ps(value, first_weights, a[r]);
      b[r] = panels > 1 ? _mm512_fmadd_ps(value, second_weights, b[r]) : b[r];
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    ck_avx512_store_row(&job->target, row + r, panel * CK_PANEL, a[r]);
    if (panels > 1) {
      ck_avx512_store_row(&job->target, row + r, (panel + 1) * CK_PANEL, b[r]);
    }
  }
}

/// One row of one panel, its sum split over four accumulators.
TILE void single_row(const ck_linear *job, size_t row, size_t panel) {
  const float *weights = job->weights + panel * CK_PANEL * job->in;
  const float *x = job->x + row * job->x_stride;
  __m512 sums[4];
  for (int i = 0; i < 4; i++) {
    sums[i] = _mm512_setzero_ps();
  }
  size_t k = 0;
  for (; k + 4 <= job->in; k += 4) {
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++) {
      sums[i] = _mm512_fmadd_ps(
          _mm512_set1_ps(x[k + i]), _mm512_load_ps(weights + (k + i) * CK_PANEL), sums[i]);
    }
  }
  for (; k < job->in; k++) {
    sums[0] =
        _mm512_fmadd_ps(_mm512_set1_ps(x[k]), _mm512_load_ps(weights + k * CK_PANEL), sums[0]);
  }
  ck_avx512_store_row(
      &job->target, row, panel * CK_PANEL,
      _mm512_add_ps(_mm512_add_ps(sums[0], sums[1]), _mm512_add_ps(sums[2], sums[3])));
}

TILE void tiles(const ck_linear *job, size_t row, size_t row_end, size_t panel, int panels) {
  size_t rows = 0;
  for (size_t r = row; r < row_end; r += rows) {
    rows = ck_tile_rows(row_end - r, tile_rows);
    switch (rows) {
      case 11: tile(job, r, 11, panel, panels); break;
      case 10: tile(job, r, 10, panel, panels); break;
      case 9: tile(job, r, 9, panel, panels); break;
      case 8: tile(job, r, 8, panel, panels); break;
      case 7: tile(job, r, 7, panel, panels); break;
      case 6: tile(job, r, 6, panel, panels); break;
      case 5: tile(job, r, 5, panel, panels); break;
      case 4: tile(job, r, 4, panel, panels); break;
      case 3: tile(job, r, 3, panel, panels); break;
      case 2: tile(job, r, 2, panel, panels); break;
      default:
        for (int p = 0; p < panels; p++) {
          single_row(job, r, panel + (size_t)p);
        }
    }
  }
}

TARGET void ck_avx512_linear_f32(
    const ck_linear *job, size_t row, size_t row_end, size_t panel, size_t panel_end) {
  for (; panel + 2 <= panel_end; panel += 2) {
    tiles(job, row, row_end, panel, 2);
  }
  if (panel < panel_end) {
    tiles(job, row, row_end, panel, 1);
  }
}

#endif
