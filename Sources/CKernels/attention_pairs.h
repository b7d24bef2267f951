// Attention with products of pairs of 16-bit integers, two in the place of one fp32 product. A file
// defines what attention_tiles.h asks for, includes lanes.h, defines `add_pairs`, which adds to sums
// the products of two vectors of pairs, and includes this one.

#include "attention_vectors.h"

// As in attention_tiles.h, but a block has 64 keys and is made integers when it is met: keys with a
// scale for each, values with a scale for each column of the block, queries with one for each. The
// ranges are the largest whose sums fit 32 bits. Weights are integers relative to the block's own
// largest, so that a key that takes nearly all of a row costs precision to its block alone.
//
// Which two elements share a pair is free as long as both factors agree: columns d and d + size / 2
// of keys and queries, keys j and j + half of weights and values. No pair needs a shuffle then.

enum { block = CK_ROUNDED_KEYS, weight_limit = 5792 };

/// Adding 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits.
static const float rounder = 12582912.0f;

CK_PART void store_ints(int32_t *x, ints value) { memcpy(x, &value, sizeof value); }

/// Pairs of the integers that are in the low bits of `low` and `high` after rounding.
CK_PART ints pair(lanes low, lanes high) { return ((ints)low & 0xffff) | (ints)high << 16; }

CK_PART lanes absolute(lanes x) { return __builtin_elementwise_abs(x); }

CK_PART lanes larger(lanes a, const float *x) {
  return __builtin_elementwise_max(a, absolute(load(x)));
}

/// The largest magnitude in `count` vectors of `size` floats.
CK_PART float largest(const float *x, size_t stride, size_t count, size_t size) {
  lanes even = {0}, odd = {0};
  for (size_t j = 0; j < count; j++) {
    for (size_t i = 0; i < size; i += 2 * width) {
      even = larger(even, x + j * stride + i);
      odd = larger(odd, x + j * stride + i + width);
    }
  }
  return __builtin_reduce_max(__builtin_elementwise_max(even, odd));
}

/// Pairs of `size` floats times `factor`.
CK_PART void round_vector(const float *x, size_t size, float factor, int32_t *target) {
  for (size_t i = 0; i < size / 2; i += width) {
    const lanes low = __builtin_elementwise_fma(load(x + i), splat(factor), splat(rounder));
    const lanes high =
        __builtin_elementwise_fma(load(x + size / 2 + i), splat(factor), splat(rounder));
    store_ints(target + i, pair(low, high));
  }
}

/// Where the parts of a block of rounded keys and values are, see attention.h.
typedef struct rounded_block {
  /// [size / 2][block], columns past the keys anything.
  int32_t *keys;
  /// [half][size].
  int32_t *values;
  /// What a unit stands for, of each key and of each column of values.
  float *key_scales;
  float *value_scales;
  /// Distance of keys that share a pair, a multiple of `width`.
  size_t half;
} rounded_block;

CK_PART rounded_block parts_of_block(void *storage, size_t size, size_t half) {
  int32_t *words = storage;
  int32_t *values = words + block / 2 * size;
  float *scales = (float *)(values + block / 2 * size);
  return (rounded_block){words, values, scales, scales + block, half};
}

/// Eight keys have one scale.
CK_PART void round_keys(
    const float *source, size_t stride, size_t count, size_t size, float limit,
    const rounded_block *target) {
  _Alignas(64) int32_t rows[8 * largest_head / 2];
  for (size_t first = 0; first < count; first += 8) {
    const float *keys = source + first * stride;
    const size_t end = count - first < 8 ? count - first : 8;
    const float maximum = largest(keys, stride, end, size);
    const float factor = maximum > 0 ? limit / maximum : 0;
    for (size_t j = 0; j < end; j++) {
      round_vector(keys + j * stride, size, factor, rows + j * size / 2);
    }
    for (size_t j = 0; j < 8; j++) {
      target->key_scales[first + j] = maximum / limit;
    }
    for (size_t d = 0; d < size / 2; d += 8) {
      transpose_8(
          (const float *)rows + d, size / 2, (float *)target->keys + d * block + first, block);
    }
  }
}

/// `vectors` <= 4 vectors of columns of values from `column` on.
CK_PART void round_columns(
    const float *source, size_t stride, size_t count, size_t size, size_t column,
    size_t vectors, const rounded_block *target) {
  const size_t half = target->half;
  lanes maximum[4], factor[4];
#pragma clang loop unroll(full)
  for (size_t c = 0; c < vectors; c++) {
    maximum[c] = (lanes){0};
  }
  for (size_t j = 0; j < count; j++) {
#pragma clang loop unroll(full)
    for (size_t c = 0; c < vectors; c++) {
      maximum[c] = larger(maximum[c], source + j * stride + column + c * width);
    }
  }
#pragma clang loop unroll(full)
  for (size_t c = 0; c < vectors; c++) {
    store(target->value_scales + column + c * width, maximum[c] / (float)weight_limit);
    factor[c] = (float)weight_limit / __builtin_elementwise_max(maximum[c], splat(1e-30f));
  }
  const lanes none = splat(rounder);
  for (size_t j = 0; j < half; j++) {
    const float *low = source + j * stride + column;
    const float *high = low + half * stride;
    int32_t *out = target->values + j * size + column;
#pragma clang loop unroll(full)
    for (size_t c = 0; c < vectors; c++) {
      lanes a = none, b = none;
      if (j < count) {
        a = __builtin_elementwise_fma(load(low + c * width), factor[c], none);
      }
      if (j + half < count) {
        b = __builtin_elementwise_fma(load(high + c * width), factor[c], none);
      }
      store_ints(out + c * width, pair(a, b));
    }
  }
}

CK_PART void round_values(
    const float *source, size_t stride, size_t count, size_t size, const rounded_block *target) {
  size_t c = 0;
  for (; c + 4 * width <= size; c += 4 * width) {
    round_columns(source, stride, count, size, c, 4, target);
  }
  for (; c < size; c += 2 * width) {
    round_columns(source, stride, count, size, c, 2, target);
  }
}

/// Scores of `n` queries, pairs and scales, against two vectors of keys of a block.
CK_PART void scores(
    const int32_t *query, const float *query_scales, size_t n, size_t size,
    const rounded_block *keys, size_t first, float *out) {
  ints low[tile], high[tile];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < n; t++) {
    low[t] = high[t] = (ints){0};
  }
  for (size_t d = 0; d < size / 2; d++) {
    const ints a = load_ints(keys->keys + d * block + first);
    const ints b = load_ints(keys->keys + d * block + first + width);
#pragma clang loop unroll(full)
    for (size_t t = 0; t < n; t++) {
      const ints value = splat_ints(query[t * size / 2 + d]);
      low[t] = add_pairs(low[t], value, a);
      high[t] = add_pairs(high[t], value, b);
    }
  }
  const lanes low_scales = load(keys->key_scales + first);
  const lanes high_scales = load(keys->key_scales + first + width);
#pragma clang loop unroll(full)
  for (size_t t = 0; t < n; t++) {
    const lanes scale = splat(query_scales[t]);
    store(
        out + t * block + first,
        to_floats(low[t]) * (low_scales * scale));
    store(
        out + t * block + first + width,
        to_floats(high[t]) * (high_scales * scale));
  }
}

/// 2^x for x in [-126, 126]: relative error below 5e-6.
CK_PART lanes power_of_two(lanes x) {
  const lanes shifted = x + rounder;
  const lanes r = x - (shifted - rounder);
  lanes p = splat(9.6181291e-3f);
  p = __builtin_elementwise_fma(p, r, splat(5.5504109e-2f));
  p = __builtin_elementwise_fma(p, r, splat(2.4022651e-1f));
  p = __builtin_elementwise_fma(p, r, splat(6.9314718e-1f));
  p = __builtin_elementwise_fma(p, r, splat(1.0f));
  return (lanes)((ints)p + ((ints)shifted << 23));
}

/// Weights 2^(score - maximum) of one query as pairs in units of 1 / weight_limit; returns their
/// sum, lane by lane.
CK_PART lanes weigh(const float *scores, float maximum, size_t half, int32_t *weights) {
  const float log2_limit = 12.49985f;
  const lanes offset = splat(log2_limit - maximum);
  lanes sum = {0};
  for (size_t j = 0; j < half; j += width) {
    lanes rounded[2];
#pragma clang loop unroll(full)
    for (size_t k = 0; k < 2; k++) {
      const lanes x =
          __builtin_elementwise_max(load(scores + k * half + j) + offset, splat(-126.0f));
      rounded[k] = power_of_two(x) + rounder;
      sum += rounded[k] - rounder;
    }
    store_ints(weights + j, pair(rounded[0], rounded[1]));
  }
  return sum;
}

/// out = kept * out + gained * weights V for queries [i, i + n) and two vectors of columns from
/// `column` on.
CK_PART void add_values(
    const queries *q, size_t i, size_t n, const float *kept, const float *gained,
    const int32_t *weights, const rounded_block *values, size_t used, size_t column) {
  const size_t size = q->job->head_size;
  ints low[tile], high[tile];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < n; t++) {
    low[t] = high[t] = (ints){0};
  }
  for (size_t j = 0; j < used; j++) {
    const ints a = load_ints(values->values + j * size + column);
    const ints b = load_ints(values->values + j * size + column + width);
#pragma clang loop unroll(full)
    for (size_t t = 0; t < n; t++) {
      const ints weight = splat_ints(weights[t * block / 2 + j]);
      low[t] = add_pairs(low[t], weight, a);
      high[t] = add_pairs(high[t], weight, b);
    }
  }
  const lanes low_scales = load(values->value_scales + column);
  const lanes high_scales = load(values->value_scales + column + width);
#pragma clang loop unroll(full)
  for (size_t t = 0; t < n; t++) {
    float *out = q->out[i + t] + column;
    const lanes low_gain = to_floats(low[t]) * (low_scales * gained[t]);
    const lanes high_gain = to_floats(high[t]) * (high_scales * gained[t]);
    store(out, __builtin_elementwise_fma(load(out), splat(kept[t]), low_gain));
    store(out + width, __builtin_elementwise_fma(load(out + width), splat(kept[t]), high_gain));
  }
}

/// Query vectors as integers: pairs [count][size / 2] and what a unit of a score stands for.
typedef struct rounded_queries {
  _Alignas(64) int32_t pairs[batch * largest_head / 2];
  float scales[batch];
} rounded_queries;

CK_PART void attend_tile(
    queries *q, const rounded_queries *rounded, size_t i, size_t n, const ck_segment *segment,
    size_t first, size_t count, const rounded_block *keys) {
  _Alignas(64) float weights[tile * block];
  _Alignas(64) int32_t weight_pairs[tile * block / 2];
  const size_t size = q->job->head_size;
  for (size_t j = 0; j < 2 * keys->half; j += 2 * width) {
    scores(
        rounded->pairs + i * size / 2, rounded->scales + i, n, size, keys, j, weights);
  }
  float highest[tile], kept[tile], gained[tile];
  for (size_t t = 0; t < n; t++) {
    hide(q, i + t, segment, first, count, 2 * keys->half, weights + t * block);
    lanes maximum = load(weights + t * block);
    for (size_t j = width; j < 2 * keys->half; j += width) {
      maximum = __builtin_elementwise_max(maximum, load(weights + t * block + j));
    }
    highest[t] = __builtin_reduce_max(maximum);
    // Where all are hidden, -inf less this is -inf still.
    highest[t] = highest[t] > -1e30f ? highest[t] : -1e30f;
  }
  for (size_t t = 0; t < n; t++) {
    const float old = q->maximum[i + t];
    const float maximum = highest[t] > old ? highest[t] : old;
    q->maximum[i + t] = maximum;
    kept[t] = ck_exp((old - maximum) * 0.693147181f);
    gained[t] = ck_exp((highest[t] - maximum) * 0.693147181f) / (float)weight_limit;
  }
  for (size_t t = 0; t < n; t++) {
    const lanes sum =
        weigh(weights + t * block, highest[t], keys->half, weight_pairs + t * block / 2);
    q->sum[i + t] = q->sum[i + t] * kept[t] + sum * gained[t];
  }
  const size_t used = count < keys->half ? count : keys->half;
  for (size_t c = 0; c < size; c += 2 * width) {
    add_values(q, i, n, kept, gained, weight_pairs, keys, used, c);
  }
}

/// The largest magnitude such that sums of `size` products of two such numbers fit 32 bits.
CK_PART float query_limit(size_t size) { return floorf(sqrtf(2147483000.0f / (float)size)); }

/// Rounds keys [first, first + count) of a segment and their values.
CK_PART void round_block(
    const ck_segment *segment, size_t column, size_t size, size_t first, size_t count,
    const rounded_block *target) {
  memset(target->key_scales, 0, block * sizeof(float));
  round_keys(
      segment->keys + first * segment->key_stride + column, segment->key_stride, count, size,
      query_limit(size), target);
  round_values(
      segment->values + first * segment->value_stride + column, segment->value_stride, count, size,
      target);
}

CK_TARGET static void attend(queries *q, size_t column) {
  const ck_attention *job = q->job;
  const size_t size = job->head_size;
  const float limit = query_limit(size);
  rounded_queries rounded;
  for (size_t i = 0; i < q->count; i++) {
    const float maximum = largest(q->vector[i], size, 1, size);
    round_vector(
        q->vector[i], size, maximum > 0 ? limit / maximum : 0, rounded.pairs + i * size / 2);
    // Scores count in powers of two.
    rounded.scales[i] = maximum / limit * job->scale * 1.44269504f;
  }
  _Alignas(64) uint8_t storage[CK_ROUNDED_BYTES(largest_head)];
  for (size_t s = 0; s < job->segment_count; s++) {
    const ck_segment *segment = &job->segments[s];
    const size_t visible = ck_visible_limit(segment, q->row[q->count - 1]);
    for (size_t first = 0; first < visible; first += block) {
      const size_t count = visible - first < block ? visible - first : block;
      rounded_block keys;
      if (first / block < segment->rounded_count) {
        const size_t index = first / block * job->kv_heads + column / size;
        keys = parts_of_block(
            segment->rounded + index * CK_ROUNDED_BYTES(size), size, block / 2);
      } else {
        keys = parts_of_block(
            storage, size, (count + 2 * width - 1) / (2 * width) * width);
        round_block(segment, column, size, first, count, &keys);
      }
      size_t i = 0;
      for (; i + tile <= q->count; i += tile) {
        attend_tile(q, &rounded, i, tile, segment, first, count, &keys);
      }
      for (; i + tile / 2 <= q->count; i += tile / 2) {
        attend_tile(q, &rounded, i, tile / 2, segment, first, count, &keys);
      }
      for (; i < q->count; i++) {
        attend_tile(q, &rounded, i, 1, segment, first, count, &keys);
      }
    }
  }
}

CK_TARGET void CK_NAME(round_keys)(
    const ck_segment *segment, size_t kv_heads, size_t head_size, size_t kv_head, size_t index,
    uint8_t *target) {
#ifdef CK_NARROWER_ROUNDING
  if (head_size % (2 * width) != 0) {
    CK_NARROWER_ROUNDING(segment, kv_heads, head_size, kv_head, index, target);
    return;
  }
#endif
  const rounded_block keys = parts_of_block(
      target + (index * kv_heads + kv_head) * CK_ROUNDED_BYTES(head_size), head_size, block / 2);
  round_block(segment, kv_head * head_size, head_size, index * block, block, &keys);
}

CK_TARGET void CK_NAME(attention_q16)(
    const ck_attention *job, size_t row, size_t row_end, size_t kv_head, size_t kv_head_end) {
  if (job->head_size % (2 * width) != 0 || job->head_size > largest_head
      || job->heads / job->kv_heads > batch) {
    CK_NARROWER(job, row, row_end, kv_head, kv_head_end);
    return;
  }
  walk(job, row, row_end, kv_head, kv_head_end, attend);
}
