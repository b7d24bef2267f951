#include <string.h>

#include "levels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "avx512_store.h"

// As avx512_q8.c, six rows by two panels, each half of a group with sums of its own.

#define FEATURES "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"
#define TARGET __attribute__((target(FEATURES)))
#define TILE static inline __attribute__((target(FEATURES), always_inline))

enum { tile_rows = 6, quads = CK_GROUP / 8, parameters = CK_GROUP * CK_PANEL / 2 };

TILE __m512 halves(const uint8_t *p) {
  return _mm512_cvtph_ps(_mm256_load_si256((const __m256i *)(const void *)p));
}

TILE __m512i nibbles(const uint8_t *p, int half) {
  const __m512i bytes = _mm512_load_si512(p);
  return _mm512_and_si512(
      half ? _mm512_srli_epi16(bytes, 4) : bytes, _mm512_set1_epi8(15));
}

/// Rows [row, row + rows) of one or two panels; both counts are constants where this is inlined.
TILE void tile(const ck_linear_q8 *job, size_t row, size_t rows, size_t panel, int panels) {
  const size_t groups = job->x.groups;
  const uint8_t *first = job->weights + panel * groups * CK_Q4_GROUP_BYTES;
  const uint8_t *second = panels > 1 ? first + groups * CK_Q4_GROUP_BYTES : first;
  const int8_t *x = job->x.values + row * groups * CK_GROUP;
  const float *scales = job->x.scales + row * groups;
  const float *input_sums = job->x.sums + row * groups * 2;
  __m512 a[tile_rows], b[tile_rows];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    a[r] = b[r] = _mm512_setzero_ps();
  }
  for (size_t g = 0; g < groups; g++) {
#pragma clang loop unroll(full)
    for (int half = 0; half < 2; half++, x += CK_GROUP / 2) {
      __m512i a_sums[tile_rows], b_sums[tile_rows];
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        a_sums[r] = b_sums[r] = _mm512_setzero_si512();
      }
#pragma clang loop unroll(full)
      for (size_t j = 0; j < quads; j++) {
        const __m512i first_weights = nibbles(first + j * 64, half);
        const __m512i second_weights = panels > 1 ? nibbles(second + j * 64, half) : first_weights;
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
          int32_t four;
          memcpy(&four, x + r * groups * CK_GROUP + j * 4, sizeof four);
          const __m512i inputs = _mm512_set1_epi32(four);
          a_sums[r] = _mm512_dpbusd_epi32(a_sums[r], first_weights, inputs);
          if (panels > 1) {
            b_sums[r] = _mm512_dpbusd_epi32(b_sums[r], second_weights, inputs);
          }
        }
      }
      const size_t own = parameters + (size_t)half * CK_PANEL * 2;
      const __m512 first_scales = halves(first + own), second_scales = halves(second + own);
      const __m512 first_minimums = halves(first + own + 64);
      const __m512 second_minimums = halves(second + own + 64);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        const __m512 scale = _mm512_set1_ps(scales[r * groups + g]);
        const __m512 sum = _mm512_set1_ps(input_sums[(r * groups + g) * 2 + (size_t)half]);
        a[r] = _mm512_fmadd_ps(first_minimums, sum, a[r]);
        a[r] = _mm512_fmadd_ps(
            _mm512_cvtepi32_ps(a_sums[r]), _mm512_mul_ps(scale, first_scales), a[r]);
        if (panels > 1) {
          b[r] = _mm512_fmadd_ps(second_minimums, sum, b[r]);
          b[r] = _mm512_fmadd_ps(
              _mm512_cvtepi32_ps(b_sums[r]), _mm512_mul_ps(scale, second_scales), b[r]);
        }
      }
    }
    first += CK_Q4_GROUP_BYTES;
    second += CK_Q4_GROUP_BYTES;
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    ck_avx512_store_row(&job->target, row + r, panel * CK_PANEL, a[r]);
    if (panels > 1) {
      ck_avx512_store_row(&job->target, row + r, (panel + 1) * CK_PANEL, b[r]);
    }
  }
}

#define CK_KERNEL ck_avx512_linear_q4
#include "avx512_walk.h"

#endif
