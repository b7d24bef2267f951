#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "attention_state.h"
#include "levels.h"
#include "sixteen.h"
#include "vector_math.h"

// Attention for head sizes that vectors do not divide, one number after the other; what the vector
// kernels must give. One pass over the keys that a row sees, in blocks of 64 with a running maximum:
// when a block raises the maximum, the sum and the output so far are scaled down (online softmax, as in
// FlashAttention).

typedef struct state {
  const float *query;
  float *out;
  float maximum;
  ck_sums sum;
} state;

typedef struct key_list {
  const float *keys[ck_direct_keys];
  const float *values[ck_direct_keys];
  size_t count;
} key_list;

static void meet(const ck_attention *job, const key_list *list, state *s) {
  float weights[ck_direct_keys] = {0};
  const float old = s->maximum;
  for (size_t j = 0; j < list->count; j++) {
    float score = 0;
    for (size_t d = 0; d < job->head_size; d++) {
      score = ck_fused(s->query[d], list->keys[j][d], score);
    }
    weights[j] = score * job->scale;
    s->maximum = weights[j] > s->maximum ? weights[j] : s->maximum;
  }
  const float kept = ck_exp(old - s->maximum);
  for (size_t j = 0; j < list->count; j++) {
    weights[j] = ck_exp(weights[j] - s->maximum);
  }
  ck_sums added = {{0}};
  for (size_t j = 0; j < list->count; j++) {
    added.of[j % ck_lanes] += weights[j];
  }
  for (size_t lane = 0; lane < ck_lanes; lane++) {
    s->sum.of[lane] = ck_fused(s->sum.of[lane], kept, added.of[lane]);
  }
  for (size_t c = 0; c < job->head_size; c++) {
    float sum = s->out[c] * kept;
    for (size_t j = 0; j < list->count; j++) {
      sum = ck_fused(weights[j], list->values[j][c], sum);
    }
    s->out[c] = sum;
  }
}

static bool sees(const ck_segment *segment, size_t row, size_t j) {
  if (segment->visibility == ck_visible_masked && j >= (size_t)segment->offset) {
    return ck_mask_row(segment, row)[j] != 0;
  }
  return true;
}

static void attend(const ck_attention *job, size_t row, size_t head) {
  const size_t size = job->head_size;
  const size_t column = head / (job->heads / job->kv_heads) * size;
  state s = {
      .query = job->queries + row * job->query_stride + head * size,
      .out = job->out + row * job->out_stride + head * size,
      .maximum = -1e30f,
  };
  memset(s.out, 0, size * sizeof(float));
  for (size_t i = 0; i < job->segment_count; i++) {
    const ck_segment *segment = &job->segments[i];
    const size_t limit = ck_visible_limit(segment, row);
    key_list list = {.count = 0};
    for (size_t j = 0; j < limit; j++) {
      if (!sees(segment, row, j)) {
        continue;
      }
      list.keys[list.count] = segment->keys + j * segment->key_stride + column;
      list.values[list.count++] = segment->values + j * segment->value_stride + column;
      if (list.count == ck_direct_keys) {
        meet(job, &list, &s);
        list.count = 0;
      }
    }
    if (list.count > 0) {
      meet(job, &list, &s);
    }
  }
  const float sum = ck_total(&s.sum);
  const float factor = sum > 0 ? 1 / sum : 0;
  for (size_t i = 0; i < size; i++) {
    s.out[i] *= factor;
  }
}

void ck_scalar_attention(
    const ck_attention *job, size_t row, size_t row_end, size_t kv_head, size_t kv_head_end) {
  const size_t group = job->heads / job->kv_heads;
  for (size_t head = kv_head * group; head < kv_head_end * group; head++) {
    for (size_t r = row; r < row_end; r++) {
      attend(job, r, head);
    }
  }
}
