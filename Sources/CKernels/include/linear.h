#ifndef CK_LINEAR_H
#define CK_LINEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Outputs in a panel of packed weights.
#define CK_PANEL 16

/// Where a product goes: y = scale * x W^T, or y += that where `accumulate`.
typedef struct ck_linear_target {
  float *y;
  size_t y_stride;
  /// Columns of y.
  size_t out;
  float scale;
  bool accumulate;
} ck_linear_target;

typedef struct ck_linear {
  const float *x;
  size_t x_stride;
  /// For bfloat16 products: what the level's `round` made of the rows of x.
  const void *rounded;
  /// Panels [ceil(out / 16)][in][16] of fp32, or of bfloat16 as `ck_pack_bf16` makes them, the last
  /// padded with zeros; 64-byte aligned.
  const void *weights;
  size_t in;
  ck_linear_target target;
} ck_linear;

/// Computes rows [row, row_end) of the outputs of panels [panel, panel_end).
typedef void (*ck_linear_function)(
    const ck_linear *job, size_t row, size_t row_end, size_t panel, size_t panel_end);

/// Packs `rows` <= 16 rows of W, row-major [rows, in], into one panel [in][16].
void ck_pack_f32(const float *source, size_t rows, size_t in, float *panel);

/// Inputs of bfloat16 rows and panels are padded with zeros to a multiple of this.
#define CK_BF16_STEP 32

static inline size_t ck_bf16_padded(size_t in) {
  return (in + CK_BF16_STEP - 1) / CK_BF16_STEP * CK_BF16_STEP;
}

/// Bytes of a panel of bfloat16 weights: [ceil(in / 32) * 16][16][2] numbers, the last index being
/// that of an input in its pair.
static inline size_t ck_bf16_panel_bytes(size_t in) { return ck_bf16_padded(in) * CK_PANEL * 2; }

/// Packs `rows` <= 16 rows of W, row-major [rows, in], into one panel of bfloat16, rounding to
/// nearest, ties to even.
void ck_pack_bf16(const float *source, size_t rows, size_t in, uint16_t *panel);

/// Rounds rows [row, row_end) of x [.., in] to bfloat16 rows [.., ck_bf16_padded(in)], whose numbers
/// are stored in 2 or 4 bytes.
typedef void (*ck_round_function)(
    const float *x, size_t x_stride, size_t in, void *target, size_t row, size_t row_end);

// 8-bit products. A row of activations and a row of weights are cut into groups of CK_GROUP inputs
// (the last padded), each with its own scale, so that one outlier costs precision to its group
// only. A level names the ranges its instructions multiply without overflow in a `ck_q8_range`.

/// Inputs that share a scale.
#define CK_GROUP 64

/// Bytes of one group of a panel: [16][16][4] bytes, byte [k / 4][output][k % 4] being the weight
/// of input k, then 16 fp32 scales.
enum { CK_Q8_GROUP_BYTES = CK_GROUP * CK_PANEL + CK_PANEL * 4 };

/// A weight w is stored as the byte q with w = scale * (q - zero), |q - zero| <= weight, signed
/// where zero is 0; an activation as a signed byte of magnitude <= activation.
typedef struct ck_q8_range {
  int weight;
  int zero;
  int activation;
} ck_q8_range;

/// Quantised rows of activations.
typedef struct ck_q8_rows {
  /// [rows][groups * 64], padded with zeros.
  int8_t *values;
  /// [rows][groups].
  float *scales;
  /// [rows][groups]: -zero times the sum of the group's values, where its products start.
  int32_t *starts;
  /// [rows][groups][2]: the sums of the group's first and last 32 values.
  int16_t *sums;
  size_t groups;
} ck_q8_rows;

/// Quantises rows [row, row_end) of x [.., in], rounding to nearest. `in` may be less than `target`
/// has room for: what is left of a row stays.
typedef void (*ck_quantize_function)(
    const float *x, size_t x_stride, size_t in, ck_q8_range range, const ck_q8_rows *target,
    size_t row, size_t row_end);

typedef struct ck_linear_q8 {
  ck_q8_rows x;
  /// Panels [ceil(out / 16)] of `groups` of CK_Q8_GROUP_BYTES, or of ck_q4_panel_bytes; 64-byte
  /// aligned.
  const uint8_t *weights;
  /// That of the range the 8-bit weights were packed for.
  int zero;
  ck_linear_target target;
} ck_linear_q8;

typedef void (*ck_linear_q8_function)(
    const ck_linear_q8 *job, size_t row, size_t row_end, size_t panel, size_t panel_end);

/// Quantises and packs `rows` <= 16 rows of W, row-major [rows, in], into one panel.
void ck_pack_q8(
    const float *source, size_t rows, size_t in, ck_q8_range range, uint8_t *panel);

// 4-bit weights: unsigned, each 32 inputs of an output with a scale and a minimum. The products
// have the activations of the 8-bit ones.

/// Bytes of one group of a panel: [8][16][4] bytes, byte [j][output][i] holding the weights of
/// inputs 4j + i (low bits) and 32 + 4j + i (high bits), then [16][2] scales and [16][2] minimums,
/// of the first and the last 32 inputs, as 16-bit integers. Behind its groups a panel has 16 units
/// in fp32. A weight is unit * (scale * q + minimum); |scale| <= 8191, so that sums of a group fit
/// 32 bits.
enum { CK_Q4_GROUP_BYTES = CK_GROUP * CK_PANEL / 2 + 4 * CK_PANEL * 2 };

/// Bytes of a panel of `groups` groups.
static inline size_t ck_q4_panel_bytes(size_t groups) {
  return groups * CK_Q4_GROUP_BYTES + CK_PANEL * 4;
}

/// Quantises and packs `rows` <= 16 rows of W, row-major [rows, in], into one panel of 4 bits.
void ck_pack_q4(const float *source, size_t rows, size_t in, uint8_t *panel);

/// Packs `rows` rows of GGML's Q4_1 (`has_minimum`) or Q4_0 blocks as outputs `first`, `first` + 1,
/// ... of a panel of zeros; `in` is a multiple of 32. The weights stay what they are, to
/// 2e-4 of an output's largest.
void ck_pack_q4_blocks(
    const uint8_t *blocks, bool has_minimum, size_t first, size_t rows, size_t in,
    uint8_t *panel);

#endif
