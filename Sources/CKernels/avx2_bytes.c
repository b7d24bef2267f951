#if defined(__x86_64__)

#include <immintrin.h>

#define CK_HAS_FMA 1
#define CK_WIDTH 8
#define CK_Q8_ROWS 4
#define CK_Q4_ROWS 5
#define CK_PANELS ck_avx2_panels
#define CK_TARGET __attribute__((target("avx2,fma,f16c")))
#define CK_PART static inline __attribute__((target("avx2,fma,f16c"), always_inline))
#define CK_NAME(kernel) ck_avx2_##kernel
#include "lanes.h"

// AVX2 multiplies unsigned by signed bytes and adds neighbours into 16 bits, saturating. Weights of
// 7 bits keep two products with full activation bytes below the limit. Activations of 7 bits would
// let four fit and save a sixth of the time, but cost 0.8 % of the default model's NLL, not 0.25 %.
// Sixteen products with weights below 16 fit, so sums of half a group are kept in 16 bits.

// Additions are in assembly, since compilers reorder them until their operands no longer fit the
// registers.

CK_PART ints add_products(ints sums, ints weights, ints inputs) {
  const __m256i pairs = _mm256_maddubs_epi16((__m256i)weights, (__m256i)inputs);
  __asm__("vpaddd %1, %0, %0" : "+x"(sums) : "x"(_mm256_madd_epi16(pairs, _mm256_set1_epi16(1))));
  return sums;
}

CK_PART ints small_products(ints weights, ints inputs) {
  ints products;
  __asm__("vpmaddubsw %2, %1, %0" : "=x"(products) : "x"(weights), "x"(inputs));
  return products;
}

CK_PART ints add_small_products(ints sums, ints weights, ints inputs) {
  __asm__("vpaddw %1, %0, %0" : "+x"(sums) : "x"(small_products(weights, inputs)));
  return sums;
}

/// The two 16-bit sums of a lane are added while they are scaled.
typedef ints small_total;

CK_PART ints multiply_pairs(ints a, ints b) {
  return (ints)_mm256_madd_epi16((__m256i)a, (__m256i)b);
}

CK_PART small_total first_half(ints sums, ints scales) {
  return multiply_pairs(sums, (scales & 0xffff) | scales << 16);
}

CK_PART small_total second_half(small_total total, ints sums, ints scales) {
  return total + multiply_pairs(sums, (ints)((uints)scales >> 16) | (scales & ~0xffff));
}

CK_PART lanes with_minimums(small_total total, ints minimums, ints input_sums) {
  return to_floats(total + multiply_pairs(minimums, input_sums));
}

// Sixteen registers do not hold totals besides sums.
#define CK_SET_ASIDE(totals) __asm__ volatile("" : : "r"(totals) : "memory")
#include "byte_tiles.h"

#endif
