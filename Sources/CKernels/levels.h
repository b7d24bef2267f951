// Kernels by level. A level's files define what it does better than the level below.
#ifndef CK_LEVELS_H
#define CK_LEVELS_H

#include "include/CKernels.h"

#define CK_DECLARE_LINEAR(name) \
  void name(const ck_linear *, size_t row, size_t row_end, size_t panel, size_t panel_end)
#define CK_DECLARE_ROUND(name) \
  void name(                   \
      const float *x, size_t x_stride, size_t in, void *target, size_t row, size_t row_end)
#define CK_DECLARE_QUANTIZE(name)                                                              \
  void name(                                                                                   \
      const float *x, size_t x_stride, size_t in, ck_q8_range range, const ck_q8_rows *target, \
      size_t row, size_t row_end)
#define CK_DECLARE_LINEAR_Q8(name) \
  void name(const ck_linear_q8 *, size_t row, size_t row_end, size_t panel, size_t panel_end)
#define CK_DECLARE_ATTENTION(name) \
  void name(const ck_attention *, size_t row, size_t row_end, size_t kv_head, size_t kv_head_end)
#define CK_DECLARE_ROUND_KEYS(name)                                                            \
  void name(                                                                                   \
      const ck_segment *, size_t kv_heads, size_t head_size, size_t kv_head, size_t index,     \
      uint8_t *target)
#define CK_DECLARE_RMS_NORM(name)                                                              \
  void name(                                                                                   \
      const float *x, size_t x_stride, const float *weight, size_t heads, size_t size,         \
      float epsilon, float *y, size_t y_stride, size_t row, size_t row_end)
#define CK_DECLARE_ROTATE(name)                                                                \
  void name(                                                                                   \
      float *x, size_t x_stride, size_t heads, size_t head_size, size_t rotary,                \
      const float *cosines, const float *sines, size_t row, size_t row_end)
#define CK_DECLARE_SWIGLU(name)                                                                \
  void name(                                                                                   \
      const float *gate, size_t gate_stride, const float *up, size_t up_stride, size_t columns, \
      float *y, size_t y_stride, size_t row, size_t row_end)
#define CK_DECLARE_ADD(name)                                                                   \
  void name(                                                                                   \
      const float *x, size_t x_stride, float scale, size_t columns, float *y, size_t y_stride,  \
      size_t row, size_t row_end)
#define CK_DECLARE_SUMMARIZE(name) void name(const ck_choice *, ck_summary *)
#define CK_DECLARE_PEAK(name) double name(size_t rounds)

/// Panels that the products of a level multiply at once.
enum {
  ck_portable_panels = 1,
  ck_neon_panels = 1,
  ck_neondot_panels = 1,
  ck_avx2_panels = 1,
  ck_avx512_panels = 2,
  ck_amx_panels = 2,
};

CK_DECLARE_LINEAR(ck_portable_linear_f32);
CK_DECLARE_LINEAR(ck_portable_linear_bf16);
CK_DECLARE_ROUND(ck_portable_round);
CK_DECLARE_QUANTIZE(ck_portable_quantize);
CK_DECLARE_LINEAR_Q8(ck_portable_linear_q8);
CK_DECLARE_LINEAR_Q8(ck_portable_linear_q4);
CK_DECLARE_ATTENTION(ck_scalar_attention);
CK_DECLARE_ATTENTION(ck_portable_attention);
CK_DECLARE_ATTENTION(ck_portable_attention_q16);
CK_DECLARE_ROUND_KEYS(ck_portable_round_keys);
CK_DECLARE_RMS_NORM(ck_portable_rms_norm);
CK_DECLARE_ROTATE(ck_portable_rotate);
CK_DECLARE_SWIGLU(ck_portable_swiglu);
CK_DECLARE_ADD(ck_portable_add);
CK_DECLARE_SUMMARIZE(ck_portable_summarize);
CK_DECLARE_PEAK(ck_portable_peak_f32);
CK_DECLARE_PEAK(ck_portable_peak_q8);

/// Rows of the next tile when `rows` remain: as few tiles as `largest` allows, of nearly equal
/// height. A lone last row would take as long as a tile, since it waits for its own sums.
static inline size_t ck_tile_rows(size_t rows, size_t largest) {
  const size_t tiles = (rows + largest - 1) / largest;
  return (rows + tiles - 1) / tiles;
}

/// Weights that are to be in the caches soon, and how many bytes of them a tile asks for.
typedef struct ck_ahead {
  const char *next, *end;
  size_t share;
} ck_ahead;

/// Panels [panel, panel + count) of those before `panel_end`, for `tiles` tiles to ask for; nothing
/// for one, which would only wait for what it asked.
static inline ck_ahead ck_look_ahead(
    const void *weights, size_t panel_bytes, size_t panel, size_t count, size_t panel_end,
    size_t tiles) {
  const size_t rest = panel < panel_end ? panel_end - panel : 0;
  const size_t bytes = panel_bytes * (rest < count ? rest : count);
  const char *start = (const char *)weights + panel * panel_bytes;
  return (ck_ahead){.next = start, .end = start + bytes, .share = tiles > 0 ? bytes / tiles : 0};
}

/// Asks for `bytes` more, rounded up to cache lines.
static inline void ck_ask(ck_ahead *ahead, size_t bytes) {
  const char *const due = ahead->next + bytes;
  for (; ahead->next < due && ahead->next < ahead->end; ahead->next += 64) {
    __builtin_prefetch(ahead->next);
  }
}

#if defined(__x86_64__)
CK_DECLARE_LINEAR(ck_avx2_linear_f32);
CK_DECLARE_LINEAR(ck_avx2_linear_bf16);
CK_DECLARE_ROUND(ck_avx2_round);
CK_DECLARE_QUANTIZE(ck_avx2_quantize);
CK_DECLARE_LINEAR_Q8(ck_avx2_linear_q8);
CK_DECLARE_LINEAR_Q8(ck_avx2_linear_q4);
CK_DECLARE_ATTENTION(ck_avx2_attention);
CK_DECLARE_ATTENTION(ck_avx2_attention_q16);
CK_DECLARE_ROUND_KEYS(ck_avx2_round_keys);
CK_DECLARE_RMS_NORM(ck_avx2_rms_norm);
CK_DECLARE_ROTATE(ck_avx2_rotate);
CK_DECLARE_SWIGLU(ck_avx2_swiglu);
CK_DECLARE_ADD(ck_avx2_add);
CK_DECLARE_SUMMARIZE(ck_avx2_summarize);
CK_DECLARE_PEAK(ck_avx2_peak_f32);
CK_DECLARE_PEAK(ck_avx2_peak_q8);

CK_DECLARE_LINEAR(ck_avx512_linear_f32);
CK_DECLARE_LINEAR(ck_avx512_linear_bf16);
CK_DECLARE_LINEAR_Q8(ck_avx512_linear_q8);
CK_DECLARE_LINEAR_Q8(ck_avx512_linear_q4);
CK_DECLARE_ROUND(ck_avx512_round);
CK_DECLARE_QUANTIZE(ck_avx512_quantize);
CK_DECLARE_ATTENTION(ck_avx512_attention);
CK_DECLARE_ATTENTION(ck_avx512_attention_q16);
CK_DECLARE_ROUND_KEYS(ck_avx512_round_keys);
CK_DECLARE_RMS_NORM(ck_avx512_rms_norm);
CK_DECLARE_ROTATE(ck_avx512_rotate);
CK_DECLARE_SWIGLU(ck_avx512_swiglu);
CK_DECLARE_ADD(ck_avx512_add);
CK_DECLARE_SUMMARIZE(ck_avx512_summarize);
CK_DECLARE_PEAK(ck_avx512_peak_f32);
CK_DECLARE_PEAK(ck_avx512_peak_q8);

CK_DECLARE_ROUND(ck_amx_round);
CK_DECLARE_LINEAR(ck_amx_linear_bf16);
CK_DECLARE_LINEAR_Q8(ck_amx_linear_q8);
CK_DECLARE_LINEAR_Q8(ck_amx_linear_q4);
CK_DECLARE_PEAK(ck_amx_peak_q8);
#endif

#if defined(__aarch64__)
CK_DECLARE_LINEAR(ck_neon_linear_f32);
CK_DECLARE_LINEAR(ck_neon_linear_bf16);
CK_DECLARE_LINEAR_Q8(ck_neon_linear_q8);
CK_DECLARE_LINEAR_Q8(ck_neon_linear_q4);
CK_DECLARE_ATTENTION(ck_neon_attention);
CK_DECLARE_ATTENTION(ck_neon_attention_q16);
CK_DECLARE_ROUND_KEYS(ck_neon_round_keys);
CK_DECLARE_PEAK(ck_neon_peak_q8);

CK_DECLARE_LINEAR_Q8(ck_neondot_linear_q8);
CK_DECLARE_LINEAR_Q8(ck_neondot_linear_q4);
CK_DECLARE_PEAK(ck_neondot_peak_q8);
#endif

#endif
