#include <string.h>

#include "levels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "avx512_store.h"

// Six rows by two panels. VNNI multiplies four unsigned by four signed bytes in each lane and adds
// them to a 32-bit sum without saturation on the way, so the ranges are full bytes.

#define FEATURES "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"
#define TARGET __attribute__((target(FEATURES)))
#define TILE static inline __attribute__((target(FEATURES), always_inline))

enum { tile_rows = 6 };

TILE __m512i four_inputs(const int8_t *x) {
  int32_t four;
  memcpy(&four, x, sizeof four);
  return _mm512_set1_epi32(four);
}

/// Rows [row, row + rows) of one or two panels; both counts are constants where this is inlined.
TILE void tile(const ck_linear_q8 *job, size_t row, size_t rows, size_t panel, int panels) {
  const size_t groups = job->x.groups;
  const uint8_t *first = job->weights + panel * groups * CK_Q8_GROUP_BYTES;
  const uint8_t *second = panels > 1 ? first + groups * CK_Q8_GROUP_BYTES : first;
  const int8_t *x = job->x.values + row * groups * CK_GROUP;
  const float *scales = job->x.scales + row * groups;
  const int32_t *starts = job->x.starts + row * groups;
  __m512 a[tile_rows], b[tile_rows];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    a[r] = b[r] = _mm512_setzero_ps();
  }
  for (size_t g = 0; g < groups; g++) {
    __m512i a_sums[tile_rows], b_sums[tile_rows];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      a_sums[r] = b_sums[r] = _mm512_set1_epi32(starts[r * groups + g]);
    }
#pragma clang loop unroll_count(4)
    for (size_t k = 0; k < CK_GROUP; k += 4) {
      const __m512i first_weights = _mm512_load_si512(first + k * CK_PANEL);
      const __m512i second_weights = _mm512_load_si512(second + k * CK_PANEL);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        const __m512i inputs = four_inputs(x + (r * groups + g) * CK_GROUP + k);
        a_sums[r] = _mm512_dpbusd_epi32(a_sums[r], first_weights, inputs);
        if (panels > 1) {
          b_sums[r] = _mm512_dpbusd_epi32(b_sums[r], second_weights, inputs);
        }
      }
    }
    const __m512 first_scales = _mm512_load_ps(first + CK_GROUP * CK_PANEL);
    const __m512 second_scales = _mm512_load_ps(second + CK_GROUP * CK_PANEL);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      const __m512 scale = _mm512_set1_ps(scales[r * groups + g]);
      a[r] = _mm512_fmadd_ps(
          _mm512_cvtepi32_ps(a_sums[r]), _mm512_mul_ps(scale, first_scales), a[r]);
      if (panels > 1) {
        b[r] = _mm512_fmadd_ps(
            _mm512_cvtepi32_ps(b_sums[r]), _mm512_mul_ps(scale, second_scales), b[r]);
      }
    }
    first += CK_Q8_GROUP_BYTES;
    second += CK_Q8_GROUP_BYTES;
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    ck_avx512_store_row(&job->target, row + r, panel * CK_PANEL, a[r]);
    if (panels > 1) {
      ck_avx512_store_row(&job->target, row + r, (panel + 1) * CK_PANEL, b[r]);
    }
  }
}

#define CK_KERNEL ck_avx512_linear_q8
#include "avx512_walk.h"

#endif
