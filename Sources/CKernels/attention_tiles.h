// Attention with vectors of CK_WIDTH floats. A file defines CK_WIDTH, CK_ROWS (query vectors of a
// tile), CK_TARGET (a function attribute), CK_PART (the same for inlined parts) and
// CK_NAME(kernel), then includes this one.

#include "lanes.h"

#include "attention_vectors.h"

#include "attention_direct.h"

// The query vectors of a KV head (rows times heads of its group) meet its keys in blocks of 64. A
// block of keys is transposed once, so that scores are products of a broadcast query element and a
// vector of keys; then the softmax state moves on (see scalar_attention.c) and the block's values
// are added. Both products go CK_ROWS queries by two vectors of columns at a time.

/// Head sizes are multiples of a vector and of what is transposed at a time.
enum { head_step = width > 8 ? width : 8 };

CK_TARGET static void attend(queries *q, size_t column) {
  size_t firsts[batch];
  for (size_t s = 0; s < q->job->segment_count; s++) {
    const ck_segment *segment = &q->job->segments[s];
    const query_range range = queries_of(q, segment);
    size_t first = 0;
    // What all rows see before a mask they meet together, as far as it is whole blocks.
    if (segment->visibility == ck_visible_masked && segment->offset >= ck_direct_keys) {
      direct_block block;
      first = (size_t)segment->offset / ck_direct_keys * ck_direct_keys;
      meet_run(q, range.first, range.end, segment, column, 0, first, &block, 1);
    }
    for (size_t i = range.first; i < range.end; i++) {
      firsts[i] = first;
    }
    meet_from(q, range, segment, column, firsts, 1);
  }
}

CK_TARGET void CK_NAME(attention)(
    const ck_attention *job, size_t row, size_t row_end, size_t kv_head, size_t kv_head_end) {
  const size_t group = job->heads / job->kv_heads;
  if (job->head_size % head_step != 0 || job->head_size > largest_head || group > batch) {
    CK_NARROWER(job, row, row_end, kv_head, kv_head_end);
    return;
  }
  walk(job, row, row_end, kv_head, kv_head_end, attend);
}
