// What the vector attention kernels of a level share. See attention_tiles.h for what a file defines
// before it includes lanes.h and this one.

#if defined(__x86_64__)
#include <immintrin.h>
#endif
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "attention_state.h"
#include "levels.h"
#include "sixteen.h"
#include "vector_math.h"

enum { tile = CK_ROWS, batch = 192, largest_head = 256 };

/// Vectors of one width at all levels.
typedef float eight __attribute__((vector_size(32)));

/// The larger of each two, in one instruction: what is not a number may be lost.
CK_PART lanes larger(lanes a, lanes b) {
#if CK_WIDTH == 16 && defined(__x86_64__)
  return (lanes)_mm512_max_ps((__m512)a, (__m512)b);
#elif CK_WIDTH == 8 && defined(__x86_64__)
  return (lanes)_mm256_max_ps((__m256)a, (__m256)b);
#else
  lanes result;
#pragma clang loop unroll(full)
  for (size_t i = 0; i < width; i++) {
    result[i] = a[i] > b[i] ? a[i] : b[i];
  }
  return result;
#endif
}

#if CK_WIDTH >= 8
CK_PART eight larger_8(eight a, eight b) { return (eight)_mm256_max_ps((__m256)a, (__m256)b); }

CK_PART float largest_of_8(eight x) {
  x = larger_8(x, __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3));
  x = larger_8(x, __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5));
  x = larger_8(x, __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6));
  return x[0];
}
#endif

#if CK_WIDTH == 16
#define CK_HALF(x, i)        \
  __builtin_shufflevector(   \
      x, x, i, i + 1, i + 2, i + 3, i + 4, i + 5, i + 6, i + 7)
CK_PART float largest_lane(lanes x) { return largest_of_8(larger_8(CK_HALF(x, 0), CK_HALF(x, 8))); }
#undef CK_HALF
#elif CK_WIDTH == 8
CK_PART float largest_lane(lanes x) { return largest_of_8(x); }
#else
CK_PART float largest_lane(lanes x) {
  x = larger(x, __builtin_shufflevector(x, x, 2, 3, 0, 1));
  return x[0] > x[1] ? x[0] : x[1];
}
#endif

/// Sums of weights are lane by lane of a vector of 16 at all levels: key j of a block goes to lane
/// j % 16.
enum { sum_vectors = ck_lanes / width };

CK_PART float sum_of_lanes(const lanes *x) {
  ck_sums sums;
  memcpy(&sums, x, sizeof sums);
  return ck_total(&sums);
}

/// Query vectors of one call: vector i is row `row + i / group`, head `head + i % group`.
typedef struct queries {
  const ck_attention *job;
  size_t count;
  size_t row[batch];
  const float *vector[batch];
  float *out[batch];
  float maximum[batch];
  lanes sum[batch][sum_vectors];
} queries;

/// The queries [first, end) of a call whose rows see a segment.
typedef struct query_range {
  size_t first, end;
} query_range;

CK_PART query_range queries_of(const queries *q, const ck_segment *segment) {
  const size_t group = q->job->heads / q->job->kv_heads, row = q->row[0], rows = q->count / group;
  const size_t first = segment->row > row ? segment->row - row : 0;
  const size_t end = segment->row_end > row ? segment->row_end - row : 0;
  return (query_range){(first < rows ? first : rows) * group, (end < rows ? end : rows) * group};
}

/// sum = kept * sum + gained * added, of query i.
CK_PART void move_sum(queries *q, size_t i, float kept, float gained, const lanes *added) {
#pragma clang loop unroll(full)
  for (size_t v = 0; v < sum_vectors; v++) {
    q->sum[i][v] = fused(q->sum[i][v], splat(kept), added[v] * splat(gained));
  }
}

/// An 8 by 8 transposition from columns [column, column + 8) of `rows` to rows `target_stride` apart.
CK_PART void transpose_8(
    const float *const *rows, size_t column, float *target, size_t target_stride) {
  eight r[8], t[8];
  for (size_t i = 0; i < 8; i++) {
    memcpy(&r[i], rows[i] + column, sizeof r[i]);
  }
  for (size_t i = 0; i < 8; i += 2) {
    t[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    t[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (size_t i = 0; i < 8; i += 4) {
    r[i] = __builtin_shufflevector(t[i], t[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    r[i + 1] = __builtin_shufflevector(t[i], t[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    r[i + 2] = __builtin_shufflevector(t[i + 1], t[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
    r[i + 3] = __builtin_shufflevector(t[i + 1], t[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
  }
  for (size_t i = 0; i < 4; i++) {
    const eight low = __builtin_shufflevector(r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    const eight high = __builtin_shufflevector(r[i], r[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    memcpy(target + i * target_stride, &low, sizeof low);
    memcpy(target + (i + 4) * target_stride, &high, sizeof high);
  }
}

CK_PART void begin(
    queries *q, const ck_attention *job, size_t row, size_t rows, size_t head, size_t group) {
  q->job = job;
  q->count = rows * group;
  for (size_t i = 0, r = row, t = 0; i < q->count; i++) {
    const size_t column = (head + t) * job->head_size;
    q->row[i] = r;
    t = t + 1 < group ? t + 1 : 0;
    r += t == 0;
    q->vector[i] = job->queries + q->row[i] * job->query_stride + column;
    q->out[i] = job->out + q->row[i] * job->out_stride + column;
    memset(q->out[i], 0, job->head_size * sizeof(float));
    q->maximum[i] = -1e30f;
    memset(q->sum[i], 0, sizeof q->sum[i]);
  }
}

/// Divides the outputs by the sums of weights.
CK_PART void finish(const queries *q) {
  for (size_t i = 0; i < q->count; i++) {
    const float sum = sum_of_lanes(q->sum[i]);
    const float factor = sum > 0 ? 1 / sum : 0;
    for (size_t c = 0; c < q->job->head_size; c += width) {
      store(q->out[i] + c, load(q->out[i] + c) * factor);
    }
  }
}

/// Calls `attend(q, column)` for the query vectors of [row, row_end) and each KV head of
/// [kv_head, kv_head_end), at most `batch` at once.
CK_PART void walk(
    const ck_attention *job, size_t row, size_t row_end, size_t kv_head, size_t kv_head_end,
    void (*attend)(queries *q, size_t column)) {
  const size_t group = job->heads / job->kv_heads;
  const size_t step = batch / group;
  queries q;
  for (; kv_head < kv_head_end; kv_head++) {
    for (size_t r = row; r < row_end; r += step) {
      begin(&q, job, r, row_end - r < step ? row_end - r : step, kv_head * group, group);
      attend(&q, kv_head * job->head_size);
      finish(&q);
    }
  }
}
