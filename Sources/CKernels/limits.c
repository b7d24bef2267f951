#include <stdint.h>

#include "levels.h"

/// Keeps the compiler from moving or folding what made `x`.
#define KEEP(x) __asm__ volatile("" : "+x"(x))

float ck_read_memory(const void *bytes, size_t count) {
  typedef uint32_t lanes __attribute__((vector_size(64)));
  const lanes *next = bytes;
  lanes sums[4] = {{0}};
  for (const lanes *end = next + count / sizeof(lanes); next + 4 <= end; next += 4) {
    for (int i = 0; i < 4; i++) {
      sums[i] ^= next[i];
    }
  }
  const lanes all = sums[0] ^ sums[1] ^ sums[2] ^ sums[3];
  float result = 0;
  for (int i = 0; i < 16; i++) {
    result += (float)all[i];
  }
  return result;
}

double ck_portable_peak_f32(size_t rounds) {
  typedef float lanes __attribute__((vector_size(16)));
  enum { chains = 8 };
  lanes sums[chains] = {{0}};
  volatile float source = 1e-3f;
  const lanes x = (lanes){0} + source, y = x + 1;
  for (size_t i = 0; i < rounds; i++) {
#pragma clang loop unroll(full)
    for (int c = 0; c < chains; c++) {
      sums[c] = sums[c] * y + x;
    }
  }
  for (int c = 1; c < chains; c++) {
    sums[0] += sums[c];
  }
  volatile float sink = sums[0][0];
  (void)sink;
  return (double)rounds * chains * 4;
}

double ck_portable_peak_q8(size_t rounds) { return ck_portable_peak_f32(rounds); }

#if defined(__x86_64__)

#include <immintrin.h>

enum { chains = 10 };

__attribute__((target("avx2,fma"))) double ck_avx2_peak_f32(size_t rounds) {
  __m256 sums[chains], x = _mm256_set1_ps(1e-3f), y = _mm256_set1_ps(0.5f);
  for (int c = 0; c < chains; c++) {
    sums[c] = x;
  }
  for (size_t i = 0; i < rounds; i++) {
#pragma clang loop unroll(full)
    for (int c = 0; c < chains; c++) {
      sums[c] = _mm256_fmadd_ps(sums[c], y, x);
      KEEP(sums[c]);
    }
  }
  return (double)rounds * chains * 8;
}

/// Unsigned by signed bytes to 16 bits, pairs to 32, added: three instructions for 32 products.
__attribute__((target("avx2,fma"))) double ck_avx2_peak_q8(size_t rounds) {
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i sums[chains], x = _mm256_set1_epi8(3), w = _mm256_set1_epi8(5);
  for (int c = 0; c < chains; c++) {
    sums[c] = _mm256_setzero_si256();
  }
  for (size_t i = 0; i < rounds; i++) {
#pragma clang loop unroll(full)
    for (int c = 0; c < chains; c++) {
      KEEP(w);
      const __m256i products = _mm256_madd_epi16(_mm256_maddubs_epi16(w, x), ones);
      sums[c] = _mm256_add_epi32(sums[c], products);
      KEEP(sums[c]);
    }
  }
  return (double)rounds * chains * 32;
}

__attribute__((target("avx512f,avx512vnni"))) double ck_avx512_peak_f32(size_t rounds) {
  __m512 sums[chains], x = _mm512_set1_ps(1e-3f), y = _mm512_set1_ps(0.5f);
  for (int c = 0; c < chains; c++) {
    sums[c] = x;
  }
  for (size_t i = 0; i < rounds; i++) {
#pragma clang loop unroll(full)
    for (int c = 0; c < chains; c++) {
      sums[c] = _mm512_fmadd_ps(sums[c], y, x);
      __asm__ volatile("" : "+v"(sums[c]));
    }
  }
  return (double)rounds * chains * 16;
}

__attribute__((target("avx512f,avx512vnni"))) double ck_avx512_peak_q8(size_t rounds) {
  __m512i sums[chains], x = _mm512_set1_epi32(0x03030303), w = _mm512_set1_epi32(0x05050505);
  for (int c = 0; c < chains; c++) {
    sums[c] = _mm512_setzero_si512();
  }
  for (size_t i = 0; i < rounds; i++) {
#pragma clang loop unroll(full)
    for (int c = 0; c < chains; c++) {
      sums[c] = _mm512_dpbusd_epi32(sums[c], w, x);
      __asm__ volatile("" : "+v"(sums[c]));
    }
  }
  return (double)rounds * chains * 64;
}

/// 16 by 64 tiles of bytes times 64 by 16, four sums in turn.
__attribute__((target("amx-tile,amx-int8"))) double ck_amx_peak_q8(size_t rounds) {
  // Operand of ldtilecfg; volatile because compilers have been seen to drop its stores.
  volatile struct {
    uint8_t palette, start, reserved[14];
    uint16_t columns[16];
    uint8_t rows[16];
  } shapes = {.palette = 1};
  for (int t = 0; t < 8; t++) {
    shapes.columns[t] = 64;
    shapes.rows[t] = 16;
  }
  _tile_loadconfig((const void *)&shapes);
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  _tile_zero(4);
  _tile_zero(5);
  for (size_t i = 0; i < rounds; i++) {
    _tile_dpbusd(0, 4, 5);
    _tile_dpbusd(1, 4, 5);
    _tile_dpbusd(2, 4, 5);
    _tile_dpbusd(3, 4, 5);
  }
  _tile_release();
  return (double)rounds * 4 * 16 * 16 * 64;
}

#endif

#if defined(__aarch64__)

#include <arm_neon.h>

enum { neon_chains = 12 };

/// Bytes to 16 bits, pairs added there, then to 32: four instructions for 16 products.
double ck_neon_peak_q8(size_t rounds) {
  const int8x16_t x = vdupq_n_s8(3);
  int8x16_t w = vdupq_n_s8(5);
  int32x4_t sums[neon_chains];
  for (int c = 0; c < neon_chains; c++) {
    sums[c] = vdupq_n_s32(0);
  }
  for (size_t i = 0; i < rounds; i++) {
#pragma clang loop unroll(full)
    for (int c = 0; c < neon_chains; c++) {
      __asm__ volatile("" : "+w"(w));
      const int16x8_t low = vmull_s8(vget_low_s8(w), vget_low_s8(x));
      sums[c] = vpadalq_s16(sums[c], vpaddq_s16(low, vmull_high_s8(w, x)));
      __asm__ volatile("" : "+w"(sums[c]));
    }
  }
  return (double)rounds * neon_chains * 16;
}

__attribute__((target("dotprod"))) double ck_neondot_peak_q8(size_t rounds) {
  const int8x16_t w = vdupq_n_s8(5), x = vdupq_n_s8(3);
  int32x4_t sums[neon_chains];
  for (int c = 0; c < neon_chains; c++) {
    sums[c] = vdupq_n_s32(0);
  }
  for (size_t i = 0; i < rounds; i++) {
#pragma clang loop unroll(full)
    for (int c = 0; c < neon_chains; c++) {
      sums[c] = vdotq_s32(sums[c], w, x);
      __asm__ volatile("" : "+w"(sums[c]));
    }
  }
  return (double)rounds * neon_chains * 16;
}

#endif
