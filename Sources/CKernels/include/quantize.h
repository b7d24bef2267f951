#ifndef CK_QUANTIZE_H
#define CK_QUANTIZE_H

#include <stddef.h>

#include "dequantize.h"

/// Writes `count` fp32 values, encoded as `type`, to `target` (any alignment). `count` is a
/// multiple of the type's block. Halves and bfloat16 are rounded to nearest, ties to even; block
/// types take the scale that GGML's reference takes: of the largest magnitude, or of the range.
///
/// `type` is one of f32, f16, bf16, q8_0, q4_0, q4_1, q5_0, q5_1; returns 0 for any other.
int ck_quantize(ck_type type, const float *source, void *target, size_t count);

#endif
