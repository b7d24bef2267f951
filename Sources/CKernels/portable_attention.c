#include <math.h>
#include <string.h>

#include "attention_state.h"
#include "levels.h"
#include "vector_math.h"

// One pass over the keys in blocks with a running maximum: when a block raises the maximum, the sum
// and the output so far are scaled down (online softmax, as in FlashAttention). A block's scores
// live on the stack, so a call needs no memory besides the output.

enum { block = 64 };

static float dot(const float *restrict a, const float *restrict b, size_t count) {
#pragma clang fp reassociate(on) contract(fast)
  float sum = 0;
  for (size_t i = 0; i < count; i++) {
    sum += a[i] * b[i];
  }
  return sum;
}

/// Scores of keys [first, first + count) of a segment, -inf where hidden; returns their maximum.
static float block_scores(
    const ck_segment *segment, const float *query, size_t size, size_t column, float scale,
    size_t row, size_t first, size_t count, float *scores) {
  float maximum = -INFINITY;
  const uint8_t *mask = ck_mask_row(segment, row);
  for (size_t j = 0; j < count; j++) {
    scores[j] = -INFINITY;
    if (!mask || mask[first + j]) {
      const float *key = segment->keys + (first + j) * segment->key_stride + column;
      scores[j] = scale * dot(query, key, size);
      maximum = scores[j] > maximum ? scores[j] : maximum;
    }
  }
  return maximum;
}

static void attend(const ck_attention *job, size_t row, size_t head) {
#pragma clang fp reassociate(on) contract(fast)
  const size_t size = job->head_size;
  const size_t column = head / (job->heads / job->kv_heads) * size;
  const float *query = job->queries + row * job->query_stride + head * size;
  float *restrict out = job->out + row * job->out_stride + head * size;
  memset(out, 0, size * sizeof(float));
  float maximum = -INFINITY, sum = 0;
  float scores[block];
  for (size_t s = 0; s < job->segment_count; s++) {
    const ck_segment *segment = &job->segments[s];
    const size_t visible = ck_visible_limit(segment, row);
    for (size_t first = 0; first < visible; first += block) {
      const size_t count = visible - first < block ? visible - first : block;
      const float highest =
          block_scores(segment, query, size, column, job->scale, row, first, count, scores);
      if (highest == -INFINITY) {
        continue;
      }
      if (highest > maximum) {
        const float shrink = ck_exp(maximum - highest);
        sum *= shrink;
        for (size_t i = 0; i < size; i++) {
          out[i] *= shrink;
        }
        maximum = highest;
      }
      for (size_t j = 0; j < count; j++) {
        scores[j] = ck_exp(scores[j] - maximum);
        sum += scores[j];
      }
      for (size_t j = 0; j < count; j++) {
        const float *restrict value =
            segment->values + (first + j) * segment->value_stride + column;
        const float weight = scores[j];
        for (size_t i = 0; i < size; i++) {
          out[i] += weight * value[i];
        }
      }
    }
  }
  const float factor = sum > 0 ? 1 / sum : 0;
  for (size_t i = 0; i < size; i++) {
    out[i] *= factor;
  }
}

void ck_portable_attention(
    const ck_attention *job, size_t row, size_t row_end, size_t kv_head, size_t kv_head_end) {
  const size_t group = job->heads / job->kv_heads;
  for (size_t head = kv_head * group; head < kv_head_end * group; head++) {
    for (size_t r = row; r < row_end; r++) {
      attend(job, r, head);
    }
  }
}
