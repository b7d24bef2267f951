// What the attention kernels of all levels share.
#ifndef CK_ATTENTION_STATE_H
#define CK_ATTENTION_STATE_H

#include "include/attention.h"

/// Number of keys of a segment that query row `row` may see at most.
static inline size_t ck_visible_limit(const ck_segment *segment, size_t row) {
  if (segment->visibility != ck_visible_causal) {
    return segment->count;
  }
  const ptrdiff_t limit = (ptrdiff_t)row + segment->offset + 1;
  return limit <= 0 ? 0 : (size_t)limit < segment->count ? (size_t)limit : segment->count;
}

/// The mask bytes of query row `row`, or null where there is no mask.
static inline const uint8_t *ck_mask_row(const ck_segment *segment, size_t row) {
  return segment->visibility == ck_visible_masked ? segment->mask + row * segment->mask_stride : 0;
}

#endif
