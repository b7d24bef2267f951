// What the attention kernels of all levels share.
#ifndef CK_ATTENTION_STATE_H
#define CK_ATTENTION_STATE_H

#include "include/attention.h"

/// Number of keys of a segment that query row `row` may see at most.
static inline size_t ck_visible_limit(const ck_segment *segment, size_t row) {
  if (row < segment->row || row >= segment->row_end) {
    return 0;
  }
  if (segment->visibility != ck_visible_causal) {
    return segment->count;
  }
  const ptrdiff_t limit = (ptrdiff_t)(row - segment->row) + segment->offset + 1;
  return limit <= 0 ? 0 : (size_t)limit < segment->count ? (size_t)limit : segment->count;
}

/// The mask bytes of query row `row`, one for each key; those before `offset` are not to be read.
static inline const uint8_t *ck_mask_row(const ck_segment *segment, size_t row) {
  return segment->mask + (row - segment->row) * segment->mask_stride - segment->offset;
}

/// Number of keys of a segment that query row `row` sees without a gap.
static inline size_t ck_visible_run(const ck_segment *segment, size_t row) {
  if (segment->visibility != ck_visible_masked) {
    return ck_visible_limit(segment, row);
  }
  const uint8_t *mask = ck_mask_row(segment, row);
  size_t end = (size_t)segment->offset;
  while (end < segment->count && mask[end]) {
    end++;
  }
  return end;
}

/// Keys whose scores, weights and values go together where they are met in fp32.
enum { ck_direct_keys = 64 };

#endif
