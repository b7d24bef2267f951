#ifndef CK_ATTENTION_H
#define CK_ATTENTION_H

#include <stddef.h>
#include <stdint.h>

typedef enum ck_visibility {
  ck_visible_all,
  /// Query row i of a segment sees the keys j <= i + offset.
  ck_visible_causal,
  /// Query row i of a segment sees the keys before `offset`, and those j behind whose byte
  /// mask[i * mask_stride + j - offset] is not 0.
  ck_visible_masked,
} ck_visibility;

/// Keys in a block of rounded keys and values.
#define CK_ROUNDED_KEYS 64

/// Bytes of such a block for one KV head: 32-bit words, each a pair of 16-bit integers, keys
/// [head_size / 2][64] with columns d and d + head_size / 2 in a pair, values [32][head_size] with
/// keys j and j + 32 in a pair; then fp32 what a unit stands for, of the 64 keys and of the columns
/// of values.
#define CK_ROUNDED_BYTES(head_size) \
  (CK_ROUNDED_KEYS * 4 * (size_t)(head_size) + CK_ROUNDED_KEYS * 4 + (size_t)(head_size) * 4)

/// A run of keys and values: row j holds all KV heads of one token, kv_heads * head_size columns.
typedef struct ck_segment {
  const float *keys;
  const float *values;
  /// Query rows that see the segment, [row, row_end): others see none of it, and what these see
  /// counts from the first of them.
  size_t row;
  size_t row_end;
  size_t key_stride;
  size_t value_stride;
  size_t count;
  /// The first `rounded_count` blocks of the keys, rounded before: [block][kv_head] of
  /// CK_ROUNDED_BYTES. None holds keys past `count`; one that is not whole is of use where all keys
  /// are visible only.
  uint8_t *rounded;
  size_t rounded_count;
  ck_visibility visibility;
  ptrdiff_t offset;
  const uint8_t *mask;
  size_t mask_stride;
} ck_segment;

/// out = softmax(scale * q Kᵀ over the visible keys of all segments) V, per head. Query head h uses
/// KV head h / (heads / kv_heads). A row that sees no key gets zeros. A row depends on the keys that
/// it sees in each segment, and on nothing else.
typedef struct ck_attention {
  const float *queries;
  size_t query_stride;
  /// Query rows in all.
  size_t rows;
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

/// Rounds block `index` of the keys and values of KV head `kv_head`, as far as there are keys, into
/// its place in `target`, laid out as `rounded` of a segment; `head_size` is a multiple of 16, at
/// most 256.
typedef void (*ck_round_keys_function)(
    const ck_segment *segment, size_t kv_heads, size_t head_size, size_t kv_head, size_t index,
    uint8_t *target);

#endif
