// Keys and values met in fp32, in blocks of 64: all of them where nothing is rounded, else those that
// a row may see before there are 64 to round, and those that a mask shows. What a row meets depends on
// the keys it sees alone: a mask's rows have blocks of their own, of the keys that it shows them. A
// level's attention includes this behind attention_vectors.h.

typedef struct direct_block {
  /// [d][64], zeros or any key behind the last.
  _Alignas(64) float columns[largest_head * ck_direct_keys];
  const float *keys[ck_direct_keys];
  const float *values[ck_direct_keys];
  size_t count;
  /// Keys, rounded up to 16.
  size_t end;
} direct_block;

CK_PART void list_key(direct_block *target, const ck_segment *segment, size_t column, size_t j) {
  target->keys[target->count] = segment->keys + j * segment->key_stride + column;
  target->values[target->count] = segment->values + j * segment->value_stride + column;
  target->count++;
}

/// Lists keys from `j` on that `row` of a mask shows until the block is full; returns the next one to
/// look at.
CK_PART size_t list_shown(
    direct_block *target, const ck_segment *segment, size_t column, size_t row, size_t j) {
  target->count = 0;
  const uint8_t *mask = ck_mask_row(segment, row);
  for (; j < (size_t)segment->offset && target->count < ck_direct_keys; j++) {
    list_key(target, segment, column, j);
  }
  while (j < segment->count && target->count < ck_direct_keys) {
    uint64_t shown = 1;
    if (segment->count - j >= sizeof shown) {
      memcpy(&shown, mask + j, sizeof shown);
    }
    if (shown == 0) {
      j += sizeof shown;
      continue;
    }
    if (mask[j]) {
      list_key(target, segment, column, j);
    }
    j++;
  }
  return j;
}

/// Turns the listed keys, at least one, into columns.
CK_PART void transpose_keys(direct_block *target, size_t size) {
  const size_t whole = (target->count + 7) / 8 * 8;
  target->end = (target->count + 15) / 16 * 16;
  for (size_t j = target->count; j < whole; j++) {
    target->keys[j] = target->keys[0];
  }
  for (size_t d = 0; d < size; d += 8) {
    for (size_t j = 0; j < whole; j += 8) {
      transpose_8(target->keys + j, d, target->columns + d * ck_direct_keys + j, ck_direct_keys);
    }
  }
  for (size_t d = 0; d < size && whole < target->end; d++) {
    memset(target->columns + d * ck_direct_keys + whole, 0, 8 * sizeof(float));
  }
}

/// Scores of queries [i, i + n) against one or two vectors of keys.
CK_PART void direct_scores(
    const queries *q, size_t i, size_t n, const float *columns, bool wide, float scale, float *out) {
  lanes low[tile], high[tile];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < n; t++) {
    low[t] = high[t] = (lanes){0};
  }
  for (size_t d = 0; d < q->job->head_size; d++) {
    const lanes a = load(columns + d * ck_direct_keys);
    const lanes b = wide ? load(columns + d * ck_direct_keys + width) : a;
#pragma clang loop unroll(full)
    for (size_t t = 0; t < n; t++) {
      const lanes value = splat(q->vector[i + t][d]);
      low[t] = fused(value, a, low[t]);
      high[t] = wide ? fused(value, b, high[t]) : high[t];
    }
  }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < n; t++) {
    store(out + t * ck_direct_keys, low[t] * scale);
    if (wide) {
      store(out + t * ck_direct_keys + width, high[t] * scale);
    }
  }
}

/// Hides the scores from `shown` on and moves the maximum of query i on; returns the factor for what
/// its output holds so far.
CK_PART float move_maximum(queries *q, size_t i, size_t shown, size_t end, float unit, float *scores) {
  for (size_t j = shown; j < end; j++) {
    scores[j] = -INFINITY;
  }
  lanes highest_lanes = load(scores);
  for (size_t j = width; j < end; j += width) {
    highest_lanes = larger(highest_lanes, load(scores + j));
  }
  const float highest = largest_lane(highest_lanes), old = q->maximum[i];
  q->maximum[i] = highest > old ? highest : old;
  return ck_exp((old - q->maximum[i]) * unit);
}

/// out = kept * out + weights V for queries [i, i + n) and `vectors` <= 4 vectors of columns from
/// `column` on.
CK_PART void add_direct_values(
    const queries *q, size_t i, size_t n, const float *kept, const float *weights,
    const direct_block *block, size_t used, size_t column, size_t vectors) {
  lanes sums[tile][4];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < n; t++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      sums[t][v] = load(q->out[i + t] + column + v * width) * splat(kept[t]);
    }
  }
  for (size_t j = 0; j < used; j++) {
    lanes values[4];
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      values[v] = load(block->values[j] + column + v * width);
    }
#pragma clang loop unroll(full)
    for (size_t t = 0; t < n; t++) {
      const lanes weight = splat(weights[t * ck_direct_keys + j]);
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) {
        sums[t][v] = fused(weight, values[v], sums[t][v]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < n; t++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      store(q->out[i + t] + column + v * width, sums[t][v]);
    }
  }
}

/// Moves queries [i, i + n) on by a block whose first key is number `first`; where text is causal,
/// each sees the keys before its limit. Scores count in powers of exp(`unit`).
CK_PART void meet_tile(
    queries *q, size_t i, size_t n, const ck_segment *segment, size_t first,
    const direct_block *block, float unit) {
  _Alignas(64) float weights[tile * ck_direct_keys];
  float kept[tile];
  const float scale = q->job->scale / unit;
  size_t j = 0;
  for (; j + 2 * width <= block->end; j += 2 * width) {
    direct_scores(q, i, n, block->columns + j, true, scale, weights + j);
  }
  if (j < block->end) {
    direct_scores(q, i, n, block->columns + j, false, scale, weights + j);
  }
  size_t used = 0;
  for (size_t t = 0; t < n; t++) {
    size_t shown = block->count;
    if (segment->visibility == ck_visible_causal) {
      const size_t limit = ck_visible_limit(segment, q->row[i + t]);
      const size_t before = limit > first ? limit - first : 0;
      shown = before < shown ? before : shown;
    }
    used = shown > used ? shown : used;
    kept[t] = move_maximum(q, i + t, shown, block->end, unit, weights + t * ck_direct_keys);
  }
  for (size_t t = 0; t < n; t++) {
    float *own = weights + t * ck_direct_keys;
    for (size_t k = 0; k < block->end; k++) {
      own[k] = ck_exp((own[k] - q->maximum[i + t]) * unit);
    }
    lanes sum[sum_vectors] = {0};
    for (size_t k = 0; k < block->end; k += 16) {
#pragma clang loop unroll(full)
      for (size_t v = 0; v < sum_vectors; v++) {
        sum[v] += load(own + k + v * width);
      }
    }
    move_sum(q, i + t, kept[t], 1, sum);
  }
  const size_t size = q->job->head_size;
  size_t c = 0;
  for (; n <= tile / 2 && c + 4 * width <= size; c += 4 * width) {
    add_direct_values(q, i, n, kept, weights, block, used, c, 4);
  }
  for (; c + 2 * width <= size; c += 2 * width) {
    add_direct_values(q, i, n, kept, weights, block, used, c, 2);
  }
  for (; c < size; c += width) {
    add_direct_values(q, i, n, kept, weights, block, used, c, 1);
  }
}

/// Lets queries [i, end) meet a block of listed keys.
CK_PART void meet_block(
    queries *q, size_t i, size_t end, const ck_segment *segment, size_t first,
    direct_block *block, float unit) {
  transpose_keys(block, q->job->head_size);
  for (; i + tile <= end; i += tile) {
    meet_tile(q, i, tile, segment, first, block, unit);
  }
  for (; i + tile / 2 <= end; i += tile / 2) {
    meet_tile(q, i, tile / 2, segment, first, block, unit);
  }
  for (; tile > 4 && i + 3 <= end; i += 3) {
    meet_tile(q, i, 3, segment, first, block, unit);
  }
  for (; i < end; i++) {
    meet_tile(q, i, 1, segment, first, block, unit);
  }
}

/// Lets queries [i, end) meet keys [first, key_end) of a segment.
CK_PART void meet_run(
    queries *q, size_t i, size_t end, const ck_segment *segment, size_t column, size_t first,
    size_t key_end, direct_block *block, float unit) {
  for (; first < key_end; first += ck_direct_keys) {
    block->count = 0;
    for (size_t j = first; j < key_end && j < first + ck_direct_keys; j++) {
      list_key(block, segment, column, j);
    }
    meet_block(q, i, end, segment, first, block, unit);
  }
}

/// Lets each query i of a range meet the keys of a segment that it sees from `firsts[i]` on, which is
/// the same for all heads of a row.
CK_PART void meet_from(
    queries *q, query_range range, const ck_segment *segment, size_t column, const size_t *firsts,
    float unit) {
  const size_t group = q->job->heads / q->job->kv_heads;
  direct_block block;
  size_t end = 0;
  for (size_t i = range.first; i < range.end; i = end) {
    end = i + group;
    if (segment->visibility == ck_visible_masked) {
      size_t j = list_shown(&block, segment, column, q->row[i], firsts[i]);
      for (; block.count > 0; j = list_shown(&block, segment, column, q->row[i], j)) {
        meet_block(q, i, end, segment, 0, &block, unit);
      }
      continue;
    }
    while (end < range.end && firsts[end] == firsts[i]) {
      end += group;
    }
    const size_t limit = ck_visible_limit(segment, q->row[end - 1]);
    meet_run(q, i, end, segment, column, firsts[i], limit, &block, unit);
  }
}
