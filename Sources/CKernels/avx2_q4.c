#include <string.h>

#include "levels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "avx2_store.h"

// Sixteen products of a weight below 16 and an activation byte fit 16 bits, so a half group is
// summed there: one multiplication for 32 products where 8-bit weights need two.

#define FEATURES "avx2,fma,f16c"
#define TARGET __attribute__((target(FEATURES)))
#define TILE static inline __attribute__((target(FEATURES), always_inline))

enum { tile_rows = 4, quads = CK_GROUP / 8, parameters = CK_GROUP * CK_PANEL / 2 };

TILE __m256 halves(const uint8_t *p) {
  return _mm256_cvtph_ps(_mm_load_si128((const __m128i *)(const void *)p));
}

TILE __m256i nibbles(const uint8_t *p, int half) {
  const __m256i bytes = _mm256_load_si256((const __m256i *)(const void *)p);
  return _mm256_and_si256(
      half ? _mm256_srli_epi16(bytes, 4) : bytes, _mm256_set1_epi8(15));
}

/// Rows [row, row + rows) of one panel; `rows` is a constant where this is inlined.
TILE void tile(const ck_linear_q8 *job, size_t row, size_t rows, size_t panel) {
  const size_t groups = job->x.groups;
  const uint8_t *weights = job->weights + panel * groups * CK_Q4_GROUP_BYTES;
  const int8_t *x = job->x.values + row * groups * CK_GROUP;
  const float *scales = job->x.scales + row * groups;
  const float *input_sums = job->x.sums + row * groups * 2;
  const __m256i ones = _mm256_set1_epi16(1);
  __m256 low[tile_rows], high[tile_rows];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    low[r] = high[r] = _mm256_setzero_ps();
  }
  for (size_t g = 0; g < groups; g++, weights += CK_Q4_GROUP_BYTES) {
#pragma clang loop unroll(full)
    for (int half = 0; half < 2; half++, x += CK_GROUP / 2) {
      __m256i low_sums[tile_rows], high_sums[tile_rows];
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        low_sums[r] = high_sums[r] = _mm256_setzero_si256();
      }
#pragma clang loop unroll_count(2)
      for (size_t j = 0; j < quads; j++) {
        const __m256i low_weights = nibbles(weights + j * 64, half);
        const __m256i high_weights = nibbles(weights + j * 64 + 32, half);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
          int32_t four;
          memcpy(&four, x + r * groups * CK_GROUP + j * 4, sizeof four);
          const __m256i inputs = _mm256_set1_epi32(four);
          const __m256i a = _mm256_maddubs_epi16(low_weights, inputs);
          const __m256i b = _mm256_maddubs_epi16(high_weights, inputs);
          low_sums[r] = _mm256_add_epi16(low_sums[r], a);
          high_sums[r] = _mm256_add_epi16(high_sums[r], b);
        }
      }
      const uint8_t *own = weights + parameters + half * CK_PANEL * 2;
      const __m256 low_scales = halves(own), high_scales = halves(own + 16);
      const __m256 low_minimums = halves(own + 64), high_minimums = halves(own + 80);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        const __m256 scale = _mm256_broadcast_ss(scales + r * groups + g);
        const __m256 sum = _mm256_broadcast_ss(input_sums + (r * groups + g) * 2 + half);
        const __m256 a = _mm256_cvtepi32_ps(_mm256_madd_epi16(low_sums[r], ones));
        const __m256 b = _mm256_cvtepi32_ps(_mm256_madd_epi16(high_sums[r], ones));
        low[r] = _mm256_fmadd_ps(a, _mm256_mul_ps(scale, low_scales), low[r]);
        high[r] = _mm256_fmadd_ps(b, _mm256_mul_ps(scale, high_scales), high[r]);
        low[r] = _mm256_fmadd_ps(low_minimums, sum, low[r]);
        high[r] = _mm256_fmadd_ps(high_minimums, sum, high[r]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    ck_avx2_store_row(&job->target, row + r, panel * CK_PANEL, low[r], high[r]);
  }
}

#define CK_KERNEL ck_avx2_linear_q4
#include "avx2_walk.h"

#endif
