// Attention with vectors of CK_WIDTH floats. A file defines CK_WIDTH, CK_ROWS (query vectors of a
// tile), CK_TARGET (a function attribute), CK_PART (the same for inlined parts) and
// CK_NAME(kernel), then includes this one.

#include "lanes.h"

#include "attention_vectors.h"

// The query vectors of a KV head (rows times heads of its group) meet its keys in blocks of 32. A
// block of keys is transposed once, so that scores are products of a broadcast query element and a
// vector of keys; then the softmax state moves on (see portable_attention.c) and the block's values
// are added. Both products
// go CK_ROWS queries by two vectors of columns at a time.

enum {
  block = 32,
  /// Head sizes are multiples of a vector and of what is transposed at a time.
  head_step = width > 8 ? width : 8,
};

/// keys[d][j] of `count` <= 32 keys; columns past `count` are zero.
CK_PART void transpose_keys(
    const float *source, size_t stride, size_t count, size_t size, float *keys) {
  if (count < block) {
    memset(keys, 0, size * block * sizeof(float));
  }
  const size_t whole = count / 8 * 8;
  for (size_t d = 0; d < size; d += 8) {
    for (size_t j = 0; j < whole; j += 8) {
      transpose_8(source + j * stride + d, stride, keys + d * block + j, block);
    }
    for (size_t j = whole; j < count; j++) {
      for (size_t i = d; i < d + 8; i++) {
        keys[i * block + j] = source[j * stride + i];
      }
    }
  }
}

/// Scores of queries [i, i + n) against two vectors of keys of a transposed block.
CK_PART void scores(const queries *q, size_t i, size_t n, const float *keys, float *out) {
  lanes low[tile], high[tile];
  const float *query[tile];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < n; t++) {
    query[t] = q->vector[i + t];
    low[t] = high[t] = (lanes){0};
  }
  for (size_t d = 0; d < q->job->head_size; d++) {
    const lanes a = load(keys + d * block);
    const lanes b = load(keys + d * block + width);
#pragma clang loop unroll(full)
    for (size_t t = 0; t < n; t++) {
      const lanes value = splat(query[t][d]);
      low[t] = __builtin_elementwise_fma(value, a, low[t]);
      high[t] = __builtin_elementwise_fma(value, b, high[t]);
    }
  }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < n; t++) {
    store(out + t * block, low[t] * q->job->scale);
    store(out + t * block + width, high[t] * q->job->scale);
  }
}

/// Turns the scores of query i into weights, -inf where hidden first, and moves its softmax state
/// on. Returns the factor for what its output holds so far.
CK_PART float weigh(
    queries *q, size_t i, const ck_segment *segment, size_t first, size_t count, float *weights) {
  hide(q, i, segment, first, count, block, weights);
  lanes highest_lanes = load(weights);
  for (size_t j = width; j < block; j += width) {
    highest_lanes = larger(highest_lanes, load(weights + j));
  }
  const float highest = largest_lane(highest_lanes);
  float shrink = 1;
  if (highest > q->maximum[i]) {
    shrink = ck_exp(q->maximum[i] - highest);
    q->maximum[i] = highest;
  }
  const float maximum = q->maximum[i];
  lanes sum = {0};
  for (size_t first_lane = 0; first_lane < block; first_lane += width) {
    for (size_t j = first_lane; j < first_lane + width; j++) {
      weights[j] = ck_exp(weights[j] - maximum);
    }
    sum += load(weights + first_lane);
  }
  q->sum[i] = q->sum[i] * shrink + sum;
  return shrink;
}

/// out = factor * out + weights V for queries [i, i + n) and one or two vectors of columns from
/// `column` on.
CK_PART void add_values(
    const queries *q, size_t i, size_t n, const float *factors, const float *weights,
    const float *values, size_t stride, size_t count, size_t column, bool wide) {
  lanes low[tile], high[tile];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < n; t++) {
    const float *out = q->out[i + t] + column;
    low[t] = factors[t] * load(out);
    high[t] = wide ? factors[t] * load(out + width) : low[t];
  }
  for (size_t j = 0; j < count; j++) {
    const lanes a = load(values + j * stride + column);
    const lanes b = wide ? load(values + j * stride + column + width) : a;
#pragma clang loop unroll(full)
    for (size_t t = 0; t < n; t++) {
      const lanes weight = splat(weights[t * block + j]);
      low[t] = __builtin_elementwise_fma(weight, a, low[t]);
      high[t] = wide ? __builtin_elementwise_fma(weight, b, high[t]) : high[t];
    }
  }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < n; t++) {
    float *out = q->out[i + t] + column;
    store(out, low[t]);
    if (wide) {
      store(out + width, high[t]);
    }
  }
}

CK_PART void attend_tile(
    queries *q, size_t i, size_t n, const ck_segment *segment, size_t column, size_t first,
    size_t count, const float *keys) {
  _Alignas(64) float weights[tile * block];
  float factors[tile];
  for (size_t j = 0; j < block; j += 2 * width) {
    scores(q, i, n, keys + j, weights + j);
  }
  for (size_t t = 0; t < n; t++) {
    factors[t] = weigh(q, i + t, segment, first, count, weights + t * block);
  }
  const float *values = segment->values + first * segment->value_stride + column;
  const size_t size = q->job->head_size, stride = segment->value_stride;
  size_t c = 0;
  for (; c + 2 * width <= size; c += 2 * width) {
    add_values(q, i, n, factors, weights, values, stride, count, c, true);
  }
  for (; c < size; c += width) {
    add_values(q, i, n, factors, weights, values, stride, count, c, false);
  }
}

CK_TARGET static void attend(queries *q, size_t column) {
  _Alignas(64) float keys[largest_head * block];
  const ck_attention *job = q->job;
  const size_t size = job->head_size;
  for (size_t s = 0; s < job->segment_count; s++) {
    const ck_segment *segment = &job->segments[s];
    const size_t visible = ck_visible_limit(segment, q->row[q->count - 1]);
    for (size_t first = 0; first < visible; first += block) {
      const size_t count = visible - first < block ? visible - first : block;
      transpose_keys(
          segment->keys + first * segment->key_stride + column, segment->key_stride, count, size,
          keys);
      size_t i = 0;
      for (; i + tile <= q->count; i += tile) {
        attend_tile(q, i, tile, segment, column, first, count, keys);
      }
      for (; i + tile / 2 <= q->count; i += tile / 2) {
        attend_tile(q, i, tile / 2, segment, column, first, count, keys);
      }
      for (; i < q->count; i++) {
        attend_tile(q, i, 1, segment, column, first, count, keys);
      }
    }
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
