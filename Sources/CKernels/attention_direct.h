// Keys and values met as they lie, in fp32, where turning blocks of them round would cost more than
// it saves: few queries that see many keys, or rows that see few. attention_pairs.h includes this
// behind attention_vectors.h.

enum {
  /// Keys of a block.
  direct_block = 64,
  /// Keys whose scores are made at once.
  direct_keys = 8,
  /// Queries whose weights are made at once: each alone would wait for its own sums.
  direct_queries = 4,
};

/// Keys and values of one KV head, one for each of `count` tokens. What follows in `keys`, to a
/// multiple of `direct_keys`, are any keys.
typedef struct direct_list {
  const float *keys[direct_block];
  const float *values[direct_block];
  size_t count;
} direct_list;

CK_PART eight load_8(const float *x) {
  eight value;
  memcpy(&value, x, sizeof value);
  return value;
}

CK_PART void store_8(float *x, eight value) { memcpy(x, &value, sizeof value); }

CK_PART void list_key(direct_list *list, const ck_segment *segment, size_t column, size_t j) {
  list->keys[list->count] = segment->keys + j * segment->key_stride + column;
  list->values[list->count] = segment->values + j * segment->value_stride + column;
  list->count++;
}

/// Lists those of keys [first, end), at most `direct_block`, that `mask` shows, or all without one.
CK_PART void list_keys(
    direct_list *list, const ck_segment *segment, size_t column, const uint8_t *mask,
    size_t first, size_t end) {
  list->count = 0;
  for (size_t j = first; j < end && !mask; j++) {
    list_key(list, segment, column, j);
  }
  for (size_t j = first; j < end && mask; j += 8) {
    uint64_t shown = 0;
    if (end - j >= sizeof shown) {
      memcpy(&shown, mask + j, sizeof shown);
    } else {
      for (size_t i = j; i < end; i++) {
        shown |= (uint64_t)(mask[i] != 0) << (i - j) * 8;
      }
    }
    while (shown != 0) {
      const int bit = __builtin_ctzll(shown) / 8 * 8;
      list_key(list, segment, column, j + (size_t)bit / 8);
      shown &= ~(0xffull << bit);
    }
  }
  for (size_t j = list->count; j % direct_keys != 0; j++) {
    list->keys[j] = list->keys[0];
  }
}

/// Asks for the keys and values of up to `count` tokens from `first` on. Masks are of the pass's own
/// tokens, whose keys were just made.
CK_PART void ask_keys(
    const ck_segment *segment, size_t size, size_t column, size_t first, size_t count) {
  if (segment->visibility == ck_visible_masked) {
    return;
  }
  const size_t end = first + count < segment->count ? first + count : segment->count;
  for (size_t j = first; j < end; j++) {
    for (size_t d = 0; d < size; d += 16) {
      __builtin_prefetch(segment->keys + j * segment->key_stride + column + d);
      __builtin_prefetch(segment->values + j * segment->value_stride + column + d);
    }
  }
}

/// Sums of neighbours: four of `a` and `b` each, in the order that a second call makes whole.
CK_PART eight add_neighbours(eight a, eight b) {
  return __builtin_shufflevector(a, b, 0, 2, 8, 10, 4, 6, 12, 14)
         + __builtin_shufflevector(a, b, 1, 3, 9, 11, 5, 7, 13, 15);
}

/// Products of a query with `count` <= 8 keys.
CK_PART eight direct_products(
    const float *query, const float *const *keys, size_t count, size_t size) {
  eight sums[direct_keys];
#pragma clang loop unroll(full)
  for (size_t j = 0; j < direct_keys; j++) {
    sums[j] = (eight){0};
  }
  for (size_t d = 0; d < size; d += 8) {
    const eight part = load_8(query + d);
#pragma clang loop unroll(full)
    for (size_t j = 0; j < count; j++) {
      sums[j] = __builtin_elementwise_fma(part, load_8(keys[j] + d), sums[j]);
    }
  }
  const eight low = add_neighbours(
      add_neighbours(sums[0], sums[1]), add_neighbours(sums[2], sums[3]));
  const eight high = add_neighbours(
      add_neighbours(sums[4], sums[5]), add_neighbours(sums[6], sums[7]));
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 8, 9, 10, 11)
         + __builtin_shufflevector(low, high, 4, 5, 6, 7, 12, 13, 14, 15);
}

/// Makes -inf of the scores behind the first `count`.
CK_PART eight hide_past(eight scores, size_t count) {
  for (size_t j = 0; j < direct_keys; j++) {
    scores[j] = j < count ? scores[j] : -INFINITY;
  }
  return scores;
}

/// out = kept * out + weights V in `vectors` vectors of columns from `column` on.
CK_PART void add_direct_values(
    float *out, float kept, const float *weights, const direct_list *list, size_t column,
    size_t vectors) {
  eight sums[8];
#pragma clang loop unroll(full)
  for (size_t c = 0; c < vectors; c++) {
    sums[c] = kept * load_8(out + column + 8 * c);
  }
  for (size_t j = 0; j < list->count; j++) {
    const float *value = list->values[j] + column;
#pragma clang loop unroll(full)
    for (size_t c = 0; c < vectors; c++) {
      sums[c] =
          __builtin_elementwise_fma((eight){0} + weights[j], load_8(value + 8 * c), sums[c]);
    }
  }
#pragma clang loop unroll(full)
  for (size_t c = 0; c < vectors; c++) {
    store_8(out + column + 8 * c, sums[c]);
  }
}

/// Moves queries [i, i + n), at most four, on by the keys of `list`. Scores count in powers of
/// exp(`unit`).
CK_PART void meet(queries *q, size_t i, size_t n, const direct_list *list, float unit) {
  _Alignas(32) float weights[direct_queries][direct_block];
  float highest[direct_queries], kept[direct_queries];
  const size_t size = q->job->head_size;
  const float scale = q->job->scale / unit;
  for (size_t t = 0; t < n; t++) {
    eight maximum = (eight){0} - INFINITY;
    for (size_t j = 0; j < list->count; j += direct_keys) {
      const float *query = q->vector[i + t];
      const eight products = list->count <= 2
                                 ? direct_products(query, list->keys, 2, size)
                                 : direct_products(query, list->keys + j, direct_keys, size);
      const eight scores = hide_past(products * scale, list->count - j);
      store_8(weights[t] + j, scores);
      maximum = larger_8(maximum, scores);
    }
    highest[t] = largest_of_8(maximum);
  }
  for (size_t t = 0; t < n; t++) {
    const float old = q->maximum[i + t];
    q->maximum[i + t] = highest[t] > old ? highest[t] : old;
    kept[t] = ck_exp((old - q->maximum[i + t]) * unit);
  }
  for (size_t t = 0; t < n; t++) {
    eight sum = {0};
    for (size_t first = 0; first < list->count; first += direct_keys) {
      for (size_t j = first; j < first + direct_keys; j++) {
        weights[t][j] = ck_exp((weights[t][j] - q->maximum[i + t]) * unit);
      }
      sum += load_8(weights[t] + first);
    }
    q->sum[i + t] = q->sum[i + t] * kept[t] + (lanes){sum_of_8(sum)};
  }
  for (size_t t = 0; t < n; t++) {
    float *out = q->out[i + t];
    size_t c = 0;
    for (; c + 64 <= size; c += 64) {
      add_direct_values(out, kept[t], weights[t], list, c, 8);
    }
    for (; c + 32 <= size; c += 32) {
      add_direct_values(out, kept[t], weights[t], list, c, 4);
    }
    for (; c < size; c += 8) {
      add_direct_values(out, kept[t], weights[t], list, c, 1);
    }
  }
}

/// Lets the queries of a row, from `i` on, meet the keys of a segment from `first` on.
CK_PART void meet_row(
    queries *q, size_t i, const ck_segment *segment, size_t column, size_t first, float unit) {
  const size_t group = q->job->heads / q->job->kv_heads;
  const size_t limit = ck_visible_limit(segment, q->row[i]);
  const uint8_t *mask = ck_mask_row(segment, q->row[i]);
  direct_list list;
  for (; first < limit; first += direct_block) {
    const size_t end = first + direct_block < limit ? first + direct_block : limit;
    list_keys(&list, segment, column, mask, first, end);
    if (i == 0) {
      ask_keys(segment, q->job->head_size, column, end, direct_block);
    }
    for (size_t t = 0; t < group && list.count > 0; t += direct_queries) {
      const size_t rest = group - t;
      meet(q, i + t, rest < direct_queries ? rest : direct_queries, &list, unit);
    }
  }
}
