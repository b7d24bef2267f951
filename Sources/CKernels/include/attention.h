#ifndef CK_ATTENTION_H
#define CK_ATTENTION_H

#include <stddef.h>
#include <stdint.h>

typedef enum ck_visibility {
  ck_visible_all,
  /// Query row i sees the keys j <= i + offset.
  ck_visible_causal,
  /// Query row i sees the keys whose byte mask[i * mask_stride + j] is not 0.
  ck_visible_masked,
} ck_visibility;

/// A run of keys and values: row j holds all KV heads of one token, kv_heads * head_size columns.
typedef struct ck_segment {
  const float *keys;
  const float *values;
  size_t key_stride;
  size_t value_stride;
  size_t count;
  ck_visibility visibility;
  ptrdiff_t offset;
  const uint8_t *mask;
  size_t mask_stride;
} ck_segment;

/// out = softmax(scale * q Kᵀ over the visible keys of all segments) V, per head. Query head h uses
/// KV head h / (heads / kv_heads). A row that sees no key gets zeros.
typedef struct ck_attention {
  const float *queries;
  size_t query_stride;
  float *out;
  size_t out_stride;
  size_t heads;
  size_t kv_heads;
  size_t head_size;
  float scale;
  const ck_segment *segments;
  size_t segment_count;
} ck_attention;

/// Computes query rows [row, row_end) of the query heads of KV heads [kv_head, kv_head_end).
typedef void (*ck_attention_function)(
    const ck_attention *job, size_t row, size_t row_end, size_t kv_head, size_t kv_head_end);

#endif
