#if defined(__x86_64__)

#include <immintrin.h>

#define CK_WIDTH 8
#define CK_ROWS 4
#define CK_PANELS 1
#define CK_TARGET __attribute__((target("avx2,fma,f16c")))
#define CK_PART static inline __attribute__((target("avx2,fma,f16c"), always_inline))
#define CK_NAME(kernel) ck_avx2_##kernel
#include "lanes.h"

// AVX2 multiplies unsigned by signed bytes and adds neighbours into 16 bits, saturating. Weights of
// 7 bits keep two products with full activation bytes below the limit. Activations of 7 bits would
// let four fit and save a sixth of the time, but cost 0.8 % of the default model's NLL, not 0.25 %.
// Sixteen products with weights below 16 fit, so sums of half a group are kept in 16 bits.

enum { quads_unrolled = 2 };

CK_PART ints add_products(ints sums, ints weights, ints inputs) {
  const __m256i pairs = _mm256_maddubs_epi16((__m256i)weights, (__m256i)inputs);
  return sums + (ints)_mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

CK_PART ints add_small_products(ints sums, ints weights, ints inputs) {
  const __m256i pairs = _mm256_maddubs_epi16((__m256i)weights, (__m256i)inputs);
  return (ints)_mm256_add_epi16((__m256i)sums, pairs);
}

CK_PART ints small_sums(ints sums) {
  return (ints)_mm256_madd_epi16((__m256i)sums, _mm256_set1_epi16(1));
}

#include "byte_tiles.h"

#endif
