#ifndef CK_DEQUANTIZE_H
#define CK_DEQUANTIZE_H

#include <stddef.h>

/// Element types of stored tensors: plain floats and the block formats of GGML.
typedef enum ck_type {
  ck_type_f32,
  ck_type_f16,
  ck_type_bf16,
  ck_type_q8_0,
  ck_type_q4_0,
  ck_type_q4_1,
  ck_type_q5_0,
  ck_type_q5_1,
  ck_type_q2_k,
  ck_type_q3_k,
  ck_type_q4_k,
  ck_type_q5_k,
  ck_type_q6_k,
  ck_type_iq4_nl,
  ck_type_iq4_xs,
} ck_type;

/// Writes `count` fp32 values decoded from `source` (any alignment) to `target`. `count` is a
/// multiple of the type's block. Values equal those of the `gguf` Python package bit for bit up to
/// the rounding of one multiplication.
void ck_dequantize(ck_type type, const void *source, float *target, size_t count);

#endif
