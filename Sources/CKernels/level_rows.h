// Row kernels and summaries of one level: the shared loops, compiled for its instruction set. A
// file defines CK_TARGET (a function attribute) and CK_NAME(kernel), then includes this one.

#include "row_loops.h"
#include "summary_loops.h"

CK_TARGET void CK_NAME(rms_norm)(
    const float *x, size_t x_stride, const float *weight, size_t heads, size_t size, float epsilon,
    float *y, size_t y_stride, size_t row, size_t row_end) {
  ck_loop_rms_norm(x, x_stride, weight, heads, size, epsilon, y, y_stride, row, row_end);
}

CK_TARGET void CK_NAME(rotate)(
    float *x, size_t x_stride, size_t heads, size_t head_size, size_t rotary, const float *cosines,
    const float *sines, size_t row, size_t row_end) {
  ck_loop_rotate(x, x_stride, heads, head_size, rotary, cosines, sines, row, row_end);
}

CK_TARGET void CK_NAME(swiglu)(
    const float *gate, size_t gate_stride, const float *up, size_t up_stride, size_t columns,
    float *y, size_t y_stride, size_t row, size_t row_end) {
  ck_loop_swiglu(gate, gate_stride, up, up_stride, columns, y, y_stride, row, row_end);
}

CK_TARGET void CK_NAME(add)(
    const float *x, size_t x_stride, float scale, size_t columns, float *y, size_t y_stride,
    size_t row, size_t row_end) {
  ck_loop_add(x, x_stride, scale, columns, y, y_stride, row, row_end);
}

CK_TARGET void CK_NAME(summarize)(const ck_choice *choice, ck_summary *summary) {
  ck_summarize_row(choice, summary);
}

CK_TARGET void CK_NAME(quantize)(
    const float *x, size_t x_stride, size_t in, ck_q8_range range, const ck_q8_rows *target,
    size_t row, size_t row_end) {
  ck_loop_quantize(x, x_stride, in, range, target, row, row_end);
}

CK_TARGET void CK_NAME(round)(
    const float *x, size_t x_stride, size_t in, void *target, size_t row, size_t row_end) {
  ck_loop_round(x, x_stride, in, target, row, row_end);
}
