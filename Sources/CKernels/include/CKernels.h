// Numeric kernels of the engine. One table of function pointers per level, chosen once at run time;
// every kernel works on ranges of rows or panels, so that the caller's pool can split a job.
//
// Matrices are row-major fp32; a stride is the distance between rows in elements. Linear layers
// compute y = x Wᵀ with W [out, in] packed in panels of CK_PANEL outputs (see linear.h).
#ifndef CKERNELS_H
#define CKERNELS_H

#include "attention.h"
#include "dequantize.h"
#include "elementary.h"
#include "finite.h"
#include "quantize.h"
#include "limits.h"
#include "linear.h"
#include "pool.h"
#include "rows.h"
#include "summary.h"

/// Instruction sets a table may be written for, in ascending order.
typedef enum ck_level {
  ck_level_portable,
  /// NEON of 64-bit ARM.
  ck_level_neon,
  /// NEON with dot products of 8-bit integers.
  ck_level_neondot,
  /// AVX2, FMA and F16C.
  ck_level_avx2,
  /// AVX-512 F, BW, DQ, VL and VNNI.
  ck_level_avx512vnni,
  /// AMX tiles of 8-bit integers and of bfloat16 besides.
  ck_level_amx,
} ck_level;

/// Kernels of one level; one without an own version of a kernel holds that of a lower level. All
/// levels give the same, bit for bit, and a row is the same whatever rows are computed with it.
typedef struct ck_kernels {
  ck_level level;
  /// Panels that linear products multiply at once: a job is best cut at multiples of them.
  size_t panels;
  ck_linear_function linear_f32;
  ck_round_function round;
  /// Bytes of a number that `round` makes.
  size_t rounded_bytes;
  ck_linear_function linear_bf16;
  ck_q8_range q8_range;
  ck_quantize_function quantize;
  ck_linear_q8_function linear_q8;
  ck_linear_q8_function linear_q4;
  ck_attention_function attention;
  /// May round queries, keys, values and weights to integers of 12 bits and a sign: an error of
  /// about 4e-4 of the result.
  ck_attention_function attention_q16;
  ck_round_keys_function round_keys;
  ck_rms_norm_function rms_norm;
  ck_rotate_function rotate;
  ck_swiglu_function swiglu;
  ck_add_function add;
  ck_summarize_function summarize;
  ck_peak_function peak_f32;
  /// The same with 8-bit integers summed in 32 bits.
  ck_peak_function peak_q8;
} ck_kernels;

/// The table of `level`; null if this CPU or operating system cannot run it.
const ck_kernels *ck_select(ck_level level);

#endif
