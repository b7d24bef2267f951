#include <math.h>
#include <string.h>

#include "attention_state.h"
#include "levels.h"
#include "vector_math.h"

#if defined(__x86_64__)

#include <immintrin.h>

// The query vectors of a KV head (rows times heads of its group) meet its keys in blocks of 32. A
// block of keys is transposed once, so that scores are products of a broadcast query element and a
// vector of keys; then the softmax state moves on (see portable_attention.c) and the block's values
// are added. Both products go 6 queries by 16 columns at a time: twelve accumulators.

#define TARGET __attribute__((target("avx2,fma")))
#define PART static inline __attribute__((target("avx2,fma"), always_inline))

enum { block = 32, tile = 6, batch = 192, largest_head = 256 };

/// Query vectors of one call: vector i is row `row + i / group`, head `head + i % group`.
typedef struct queries {
  const ck_attention *job;
  size_t row, head, group, count;
  float maximum[batch], sum[batch];
} queries;

PART size_t query_row(const queries *q, size_t i) { return q->row + i / q->group; }

PART const float *query_vector(const queries *q, size_t i) {
  return q->job->queries + query_row(q, i) * q->job->query_stride
         + (q->head + i % q->group) * q->job->head_size;
}

PART float *out_vector(const queries *q, size_t i) {
  return q->job->out + query_row(q, i) * q->job->out_stride
         + (q->head + i % q->group) * q->job->head_size;
}

PART __m256 exponential(__m256 x) {
  float lanes[8];
  _mm256_storeu_ps(lanes, x);
  for (int i = 0; i < 8; i++) {
    lanes[i] = ck_exp(lanes[i]);
  }
  return _mm256_loadu_ps(lanes);
}

PART float horizontal_maximum(__m256 x) {
  __m128 m = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
  m = _mm_max_ps(m, _mm_movehl_ps(m, m));
  return _mm_cvtss_f32(_mm_max_ss(m, _mm_shuffle_ps(m, m, 1)));
}

PART float horizontal_sum(__m256 x) {
  __m128 s = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
  s = _mm_add_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_add_ss(s, _mm_shuffle_ps(s, s, 1)));
}

/// An 8 by 8 transposition from rows `stride` apart to rows `block` apart.
PART void transpose_8(const float *source, size_t stride, float *target) {
  __m256 r[8], t[8];
  for (int i = 0; i < 8; i++) {
    r[i] = _mm256_loadu_ps(source + (size_t)i * stride);
  }
  for (int i = 0; i < 4; i++) {
    t[2 * i] = _mm256_unpacklo_ps(r[2 * i], r[2 * i + 1]);
    t[2 * i + 1] = _mm256_unpackhi_ps(r[2 * i], r[2 * i + 1]);
  }
  for (int i = 0; i < 2; i++) {
    r[4 * i] = _mm256_shuffle_ps(t[4 * i], t[4 * i + 2], 0x44);
    r[4 * i + 1] = _mm256_shuffle_ps(t[4 * i], t[4 * i + 2], 0xee);
    r[4 * i + 2] = _mm256_shuffle_ps(t[4 * i + 1], t[4 * i + 3], 0x44);
    r[4 * i + 3] = _mm256_shuffle_ps(t[4 * i + 1], t[4 * i + 3], 0xee);
  }
  for (int i = 0; i < 4; i++) {
    _mm256_storeu_ps(target + (size_t)i * block, _mm256_permute2f128_ps(r[i], r[i + 4], 0x20));
    _mm256_storeu_ps(
        target + (size_t)(i + 4) * block, _mm256_permute2f128_ps(r[i], r[i + 4], 0x31));
  }
}

/// keys[d][j] of `count` <= 32 keys; columns past `count` are zero.
PART void transpose_keys(
    const float *source, size_t stride, size_t count, size_t size, float *keys) {
  if (count < block) {
    memset(keys, 0, size * block * sizeof(float));
  }
  const size_t whole = count / 8 * 8;
  for (size_t d = 0; d < size; d += 8) {
    for (size_t j = 0; j < whole; j += 8) {
      transpose_8(source + j * stride + d, stride, keys + d * block + j);
    }
    for (size_t j = whole; j < count; j++) {
      for (size_t i = d; i < d + 8; i++) {
        keys[i * block + j] = source[j * stride + i];
      }
    }
  }
}

/// Scores of queries [i, i + n) against 16 keys of a transposed block.
PART void scores(const queries *q, size_t i, size_t n, const float *keys, float *out) {
  __m256 low[tile], high[tile];
  const float *query[tile];
  for (size_t t = 0; t < n; t++) {
    query[t] = query_vector(q, i + t);
    low[t] = high[t] = _mm256_setzero_ps();
  }
  for (size_t d = 0; d < q->job->head_size; d++) {
    const __m256 a = _mm256_load_ps(keys + d * block);
    const __m256 b = _mm256_load_ps(keys + d * block + 8);
#pragma clang loop unroll(full)
    for (size_t t = 0; t < n; t++) {
      const __m256 value = _mm256_broadcast_ss(query[t] + d);
      low[t] = _mm256_fmadd_ps(value, a, low[t]);
      high[t] = _mm256_fmadd_ps(value, b, high[t]);
    }
  }
  const __m256 scale = _mm256_set1_ps(q->job->scale);
  for (size_t t = 0; t < n; t++) {
    _mm256_storeu_ps(out + t * block, _mm256_mul_ps(low[t], scale));
    _mm256_storeu_ps(out + t * block + 8, _mm256_mul_ps(high[t], scale));
  }
}

/// Turns the scores of query i into weights, -inf where hidden first, and moves its softmax state
/// on. Returns the factor for what its output holds so far.
PART float weigh(
    queries *q, size_t i, const ck_segment *segment, size_t first, size_t count, float *weights) {
  const size_t row = query_row(q, i);
  const size_t limit = ck_visible_limit(segment, row);
  const uint8_t *mask = ck_mask_row(segment, row);
  for (size_t j = limit < first ? 0 : limit - first; j < block; j++) {
    weights[j] = -INFINITY;
  }
  if (mask) {
    for (size_t j = 0; j < count; j++) {
      weights[j] = mask[first + j] ? weights[j] : -INFINITY;
    }
  }
  __m256 w[4];
  for (int c = 0; c < 4; c++) {
    w[c] = _mm256_loadu_ps(weights + c * 8);
  }
  const float highest =
      horizontal_maximum(_mm256_max_ps(_mm256_max_ps(w[0], w[1]), _mm256_max_ps(w[2], w[3])));
  if (highest == -INFINITY) {
    memset(weights, 0, block * sizeof(float));
    return 1;
  }
  float shrink = 1;
  if (highest > q->maximum[i]) {
    shrink = ck_exp(q->maximum[i] - highest);
    q->maximum[i] = highest;
  }
  const __m256 maximum = _mm256_set1_ps(q->maximum[i]);
  __m256 sum = _mm256_setzero_ps();
  for (int c = 0; c < 4; c++) {
    w[c] = exponential(_mm256_sub_ps(w[c], maximum));
    sum = _mm256_add_ps(sum, w[c]);
    _mm256_storeu_ps(weights + c * 8, w[c]);
  }
  q->sum[i] = q->sum[i] * shrink + horizontal_sum(sum);
  return shrink;
}

/// out = factor * out + weights V for queries [i, i + n) and 8 or 16 columns from `column` on.
PART void add_values(
    const queries *q, size_t i, size_t n, const float *factors, const float *weights,
    const float *values, size_t stride, size_t count, size_t column, int wide) {
  __m256 low[tile], high[tile];
  for (size_t t = 0; t < n; t++) {
    const float *out = out_vector(q, i + t) + column;
    const __m256 factor = _mm256_set1_ps(factors[t]);
    low[t] = _mm256_mul_ps(factor, _mm256_loadu_ps(out));
    high[t] = wide ? _mm256_mul_ps(factor, _mm256_loadu_ps(out + 8)) : low[t];
  }
  for (size_t j = 0; j < count; j++) {
    const __m256 a = _mm256_loadu_ps(values + j * stride + column);
    const __m256 b = wide ? _mm256_loadu_ps(values + j * stride + column + 8) : a;
#pragma clang loop unroll(full)
    for (size_t t = 0; t < n; t++) {
      const __m256 weight = _mm256_broadcast_ss(weights + t * block + j);
      low[t] = _mm256_fmadd_ps(weight, a, low[t]);
      high[t] = wide ? _mm256_fmadd_ps(weight, b, high[t]) : high[t];
    }
  }
  for (size_t t = 0; t < n; t++) {
    float *out = out_vector(q, i + t) + column;
    _mm256_storeu_ps(out, low[t]);
    if (wide) {
      _mm256_storeu_ps(out + 8, high[t]);
    }
  }
}

PART void attend_tile(
    queries *q, size_t i, size_t n, const ck_segment *segment, size_t column, size_t first,
    size_t count, const float *keys) {
  float weights[tile * block], factors[tile];
  scores(q, i, n, keys, weights);
  scores(q, i, n, keys + 16, weights + 16);
  for (size_t t = 0; t < n; t++) {
    factors[t] = weigh(q, i + t, segment, first, count, weights + t * block);
  }
  const float *values = segment->values + first * segment->value_stride + column;
  const size_t size = q->job->head_size, stride = segment->value_stride;
  size_t c = 0;
  for (; c + 16 <= size; c += 16) {
    add_values(q, i, n, factors, weights, values, stride, count, c, 1);
  }
  for (; c < size; c += 8) {
    add_values(q, i, n, factors, weights, values, stride, count, c, 0);
  }
}

TARGET static void attend(queries *q, size_t column) {
  _Alignas(64) float keys[largest_head * block];
  const ck_attention *job = q->job;
  const size_t size = job->head_size;
  for (size_t i = 0; i < q->count; i++) {
    q->maximum[i] = -INFINITY;
    q->sum[i] = 0;
    memset(out_vector(q, i), 0, size * sizeof(float));
  }
  for (size_t s = 0; s < job->segment_count; s++) {
    const ck_segment *segment = &job->segments[s];
    const size_t visible = ck_visible_limit(segment, query_row(q, q->count - 1));
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
  for (size_t i = 0; i < q->count; i++) {
    float *out = out_vector(q, i);
    const float factor = q->sum[i] > 0 ? 1 / q->sum[i] : 0;
    for (size_t c = 0; c < size; c++) {
      out[c] *= factor;
    }
  }
}

TARGET void ck_avx2_attention(
    const ck_attention *job, size_t row, size_t row_end, size_t kv_head, size_t kv_head_end) {
  const size_t group = job->heads / job->kv_heads;
  if (job->head_size % 8 != 0 || job->head_size > largest_head || group > batch) {
    ck_portable_attention(job, row, row_end, kv_head, kv_head_end);
    return;
  }
  const size_t step = batch / group;
  for (; kv_head < kv_head_end; kv_head++) {
    for (size_t r = row; r < row_end; r += step) {
      const size_t rows = row_end - r < step ? row_end - r : step;
      queries q = {
          .job = job, .row = r, .head = kv_head * group, .group = group, .count = rows * group};
      attend(&q, kv_head * job->head_size);
    }
  }
}

#endif
