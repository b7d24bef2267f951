#ifndef CK_LINEAR_H
#define CK_LINEAR_H

#include <stdbool.h>
#include <stddef.h>

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

#endif
