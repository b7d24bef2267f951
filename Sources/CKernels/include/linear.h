#ifndef CK_LINEAR_H
#define CK_LINEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Outputs in a panel of packed weights.
#define CK_PANEL 16

/// y[r, n] = scale * sum_k x[r, k] W[n, k], added to y where `accumulate`.
typedef struct ck_linear {
  const float *x;
  size_t x_stride;
  /// Panels [ceil(out / 16)][in][16] of fp32, the last padded with zeros; 64-byte aligned.
  const float *weights;
  size_t in;
  size_t out;
  float *y;
  size_t y_stride;
  float scale;
  bool accumulate;
} ck_linear;

/// Computes rows [row, row_end) of the outputs of panels [panel, panel_end).
typedef void (*ck_linear_function)(
    const ck_linear *job, size_t row, size_t row_end, size_t panel, size_t panel_end);

/// Packs `rows` <= 16 rows of W, row-major [rows, in], into one panel [in][16].
void ck_pack_f32(const float *source, size_t rows, size_t in, float *panel);

// 8-bit products. A row of activations and a row of weights are cut into groups of CK_GROUP inputs
// (the last padded), each with its own scale, so that one outlier costs precision to its group
// only. A level names the ranges its instructions multiply without overflow in a `ck_q8_range`.

/// Inputs that share a scale.
#define CK_GROUP 64

/// Bytes of one group of a panel: [16][16][4] bytes, byte [k / 4][output][k % 4] being the weight
/// of input k, then 16 fp32 scales.
enum { CK_Q8_GROUP_BYTES = CK_GROUP * CK_PANEL + CK_PANEL * 4 };

/// A weight w is stored as the byte q with w = scale * (q - zero), |q - zero| <= weight; an
/// activation as a signed byte of magnitude <= activation.
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
  size_t groups;
} ck_q8_rows;

/// Quantises rows [row, row_end) of x [.., in], rounding to nearest.
typedef void (*ck_quantize_function)(
    const float *x, size_t x_stride, size_t in, ck_q8_range range, const ck_q8_rows *target,
    size_t row, size_t row_end);

/// y = scale * x W^T as in `ck_linear`.
typedef struct ck_linear_q8 {
  ck_q8_rows x;
  /// Panels [ceil(out / 16)][groups] of CK_Q8_GROUP_BYTES, 64-byte aligned.
  const uint8_t *weights;
  /// That of the range the weights were packed for.
  int zero;
  size_t out;
  float *y;
  size_t y_stride;
  float scale;
  bool accumulate;
} ck_linear_q8;

typedef void (*ck_linear_q8_function)(
    const ck_linear_q8 *job, size_t row, size_t row_end, size_t panel, size_t panel_end);

/// Quantises and packs `rows` <= 16 rows of W, row-major [rows, in], into one panel.
void ck_pack_q8(
    const float *source, size_t rows, size_t in, ck_q8_range range, uint8_t *panel);

#endif
