#include <stdbool.h>
#include <stdint.h>

#include "levels.h"

// Weights have 7 bits at all levels, so that all compute with the same: AVX2 needs two products
// with activations of 8 bits to fit a signed 16-bit sum.
enum { ck_most_weight = 63 };

#define CK_UNSIGNED_BYTES {.weight = ck_most_weight, .zero = ck_most_weight + 1, .activation = 127}

#if defined(__x86_64__)

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

/// State components that the operating system saves for each thread: the registers a program may
/// use, whatever the CPU has.
static uint64_t saved_state(void) {
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c >> 27 & 1)) {
    return 0;
  }
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

static bool has_avx2(void) {
  uint32_t a, b, c, d;
  if ((saved_state() & 0x6) != 0x6 || !__get_cpuid(1, &a, &b, &c, &d)) {
    return false;
  }
  const bool fma = c >> 12 & 1, avx = c >> 28 & 1, f16c = c >> 29 & 1;
  if (!fma || !avx || !f16c || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
    return false;
  }
  return b >> 5 & 1;
}

static bool has_avx512vnni(void) {
  uint32_t a, b, c, d;
  if (!has_avx2() || (saved_state() & 0xe6) != 0xe6 || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
    return false;
  }
  const bool f = b >> 16 & 1, dq = b >> 17 & 1, bw = b >> 30 & 1, vl = b >> 31 & 1;
  return f && dq && bw && vl && (c >> 11 & 1);
}

/// Tile data is large, so Linux saves it only for a process that asked.
static bool has_amx(void) {
  enum { request_permission = 0x1023, tile_data = 18 };
  uint32_t a, b, c, d;
  if (!has_avx512vnni() || (saved_state() & 0x60000) != 0x60000
      || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
    return false;
  }
  const bool bf16 = d >> 22 & 1, tile = d >> 24 & 1, int8 = d >> 25 & 1;
  return bf16 && tile && int8
         && syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

static const ck_kernels avx2 = {
    .level = ck_level_avx2,
    .panels = ck_avx2_panels,
    .linear_f32 = ck_avx2_linear_f32,
    .round = ck_avx2_round,
    .rounded_bytes = sizeof(float),
    .linear_bf16 = ck_avx2_linear_bf16,
    .q8_range = CK_UNSIGNED_BYTES,
    .quantize = ck_avx2_quantize,
    .linear_q8 = ck_avx2_linear_q8,
    .linear_q4 = ck_avx2_linear_q4,
    .attention = ck_avx2_attention,
    .attention_q16 = ck_avx2_attention_q16,
    .round_keys = ck_avx2_round_keys,
    .rms_norm = ck_avx2_rms_norm,
    .rotate = ck_avx2_rotate,
    .swiglu = ck_avx2_swiglu,
    .add = ck_avx2_add,
    .summarize = ck_avx2_summarize,
    .peak_f32 = ck_avx2_peak_f32,
    .peak_q8 = ck_avx2_peak_q8,
};

#define AVX512_KERNELS                                                                       \
  .linear_f32 = ck_avx512_linear_f32,                                                        \
  .q8_range = CK_UNSIGNED_BYTES,                                                             \
  .quantize = ck_avx512_quantize, .attention = ck_avx512_attention,                          \
  .attention_q16 = ck_avx512_attention_q16, .round_keys = ck_avx512_round_keys,              \
  .rms_norm = ck_avx512_rms_norm, .rotate = ck_avx512_rotate, .swiglu = ck_avx512_swiglu,    \
  .add = ck_avx512_add, .summarize = ck_avx512_summarize, .peak_f32 = ck_avx512_peak_f32

static const ck_kernels avx512vnni = {
    .level = ck_level_avx512vnni,
    .panels = ck_avx512_panels,
    .round = ck_avx512_round,
    .rounded_bytes = sizeof(float),
    .linear_bf16 = ck_avx512_linear_bf16,
    .linear_q8 = ck_avx512_linear_q8,
    .linear_q4 = ck_avx512_linear_q4,
    .peak_q8 = ck_avx512_peak_q8,
    AVX512_KERNELS,
};

static const ck_kernels amx = {
    .level = ck_level_amx,
    .panels = ck_amx_panels,
    .round = ck_amx_round,
    .rounded_bytes = sizeof(uint16_t),
    .linear_bf16 = ck_amx_linear_bf16,
    .linear_q8 = ck_amx_linear_q8,
    .linear_q4 = ck_amx_linear_q4,
    .peak_q8 = ck_amx_peak_q8,
    AVX512_KERNELS,
};

#endif

#if defined(__aarch64__)

#include <sys/auxv.h>

/// Bits of AT_HWCAP, named as in <asm/hwcap.h>.
enum { asimd = 1 << 1, asimddp = 1 << 20 };

static bool has_neon(void) { return getauxval(AT_HWCAP) & asimd; }

static bool has_neondot(void) { return has_neon() && getauxval(AT_HWCAP) & asimddp; }

// NEON belongs to the architecture's baseline, so the portable rows are made for it.
#define NEON_KERNELS                                                                     \
  .linear_f32 = ck_neon_linear_f32, .linear_bf16 = ck_neon_linear_bf16,                  \
  .round = ck_portable_round, .rounded_bytes = sizeof(float),                            \
  .q8_range = {.weight = ck_most_weight, .zero = 0, .activation = 127},                  \
  .quantize = ck_portable_quantize, .attention = ck_neon_attention,                      \
  .attention_q16 = ck_neon_attention_q16, .round_keys = ck_neon_round_keys,              \
  .rms_norm = ck_portable_rms_norm, .rotate = ck_portable_rotate,                        \
  .swiglu = ck_portable_swiglu, .add = ck_portable_add,                                  \
  .summarize = ck_portable_summarize, .peak_f32 = ck_portable_peak_f32

static const ck_kernels neon = {
    .level = ck_level_neon,
    .panels = ck_neon_panels,
    .linear_q8 = ck_neon_linear_q8,
    .linear_q4 = ck_neon_linear_q4,
    .peak_q8 = ck_neon_peak_q8,
    NEON_KERNELS,
};

static const ck_kernels neondot = {
    .level = ck_level_neondot,
    .panels = ck_neondot_panels,
    .linear_q8 = ck_neondot_linear_q8,
    .linear_q4 = ck_neondot_linear_q4,
    .peak_q8 = ck_neondot_peak_q8,
    NEON_KERNELS,
};

#endif

static const ck_kernels portable = {
    .level = ck_level_portable,
    .panels = ck_portable_panels,
    .linear_f32 = ck_portable_linear_f32,
    .round = ck_portable_round,
    .rounded_bytes = sizeof(float),
    .linear_bf16 = ck_portable_linear_bf16,
    .q8_range = CK_UNSIGNED_BYTES,
    .quantize = ck_portable_quantize,
    .linear_q8 = ck_portable_linear_q8,
    .linear_q4 = ck_portable_linear_q4,
    .attention = ck_portable_attention,
    .attention_q16 = ck_portable_attention_q16,
    .round_keys = ck_portable_round_keys,
    .rms_norm = ck_portable_rms_norm,
    .rotate = ck_portable_rotate,
    .swiglu = ck_portable_swiglu,
    .add = ck_portable_add,
    .summarize = ck_portable_summarize,
    .peak_f32 = ck_portable_peak_f32,
    .peak_q8 = ck_portable_peak_q8,
};

const ck_kernels *ck_select(ck_level level) {
  switch (level) {
    case ck_level_portable: return &portable;
#if defined(__aarch64__)
    case ck_level_neon: return has_neon() ? &neon : 0;
    case ck_level_neondot: return has_neondot() ? &neondot : 0;
#endif
#if defined(__x86_64__)
    case ck_level_avx2: return has_avx2() ? &avx2 : 0;
    case ck_level_avx512vnni: return has_avx512vnni() ? &avx512vnni : 0;
    case ck_level_amx: return has_amx() ? &amx : 0;
#endif
    default: return 0;
  }
}
