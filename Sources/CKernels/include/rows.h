#ifndef CK_ROWS_H
#define CK_ROWS_H

#include <stddef.h>

// Kernels over whole rows of activations, [row, row_end) of each matrix.

/// y = x / sqrt(mean(x²) + epsilon) * weight, for each of `heads` parts of `size` columns of a
/// row; `weight` [size] is shared by the parts. x and y may be the same.
typedef void (*ck_rms_norm_function)(
    const float *x, size_t x_stride, const float *weight, size_t heads, size_t size, float epsilon,
    float *y, size_t y_stride, size_t row, size_t row_end);

/// Rotary embedding in place, half-split: columns i and i + rotary/2 of each head of `head_size`
/// columns turn by the angle whose cosine and sine are [row, rotary/2] in the tables. Columns past
/// `rotary` stay.
typedef void (*ck_rotate_function)(
    float *x, size_t x_stride, size_t heads, size_t head_size, size_t rotary, const float *cosines,
    const float *sines, size_t row, size_t row_end);

/// y = gate / (1 + exp(-gate)) * up. y may be gate.
typedef void (*ck_swiglu_function)(
    const float *gate, size_t gate_stride, const float *up, size_t up_stride, size_t columns,
    float *y, size_t y_stride, size_t row, size_t row_end);

/// y += scale * x, x repeated for each row when x_stride is 0.
typedef void (*ck_add_function)(
    const float *x, size_t x_stride, float scale, size_t columns, float *y, size_t y_stride,
    size_t row, size_t row_end);

#endif
