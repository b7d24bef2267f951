// Attention with products of pairs of 16-bit integers, two in the place of one fp32 product. A file
// defines what attention_tiles.h asks for, includes lanes.h, and includes this one.

#include "attention_vectors.h"

#include "attention_direct.h"
#include "attention_rounding.h"
#include "pairs.h"

// As in attention_tiles.h, but a row meets whole blocks of 64 keys, all of which it sees, as integers;
// they are made when the block is met, unless that was done before. Weights are integers relative to
// the block's own largest, so that a key that takes nearly all of a row costs precision to its block
// alone. Of a segment that all rows see, what is left at its end is a block, too. Keys that some rows
// see and others do not are met in fp32: what they round to would depend on the rows that run beside.

enum {
  /// Queries of a tile, in whole vectors.
  whole_tile = (tile + width - 1) / width * width,
  /// Head sizes are multiples of this, and of 16 at all levels.
  pairs_step = width > 8 ? 2 * width : 16,
};

static const float log_2 = 0.693147181f;

/// Scores of `n` queries against two vectors of keys of a block, in units of each query's scale.
CK_PART void scores(
    const int32_t *query, size_t n, size_t size, const rounded_block *keys, size_t first,
    float *out) {
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
    store(out + t * block + first, to_floats(low[t]) * low_scales);
    store(out + t * block + first + width, to_floats(high[t]) * high_scales);
  }
}

/// 2^x for x in [-126, 126]: relative error below 8e-5.
CK_PART lanes power_of_two(lanes x) {
  const lanes shifted = x + rounder;
  const lanes r = x - (shifted - rounder);
  lanes p = splat(5.517167e-2f);
  p = fused(p, r, splat(2.4261115e-1f));
  p = fused(p, r, splat(6.9326099e-1f));
  p = fused(p, r, splat(9.9992808e-1f));
  return (lanes)((ints)p + ((ints)shifted << 23));
}

/// Weights 2^(scale * score - maximum) of one query as pairs in units of 1 / weight_limit, and their
/// sum, lane by lane.
CK_PART void weigh(
    const float *scores, float scale, float maximum, size_t half, int32_t *weights, lanes *sums) {
  const float log2_limit = 12.49985f;
  const lanes offset = splat(log2_limit - maximum);
#pragma clang loop unroll(full)
  for (size_t v = 0; v < sum_vectors; v++) {
    ints sum = {0};
    for (size_t j = v * width; j < half; j += ck_lanes) {
      lanes rounded[2];
#pragma clang loop unroll(full)
      for (size_t k = 0; k < 2; k++) {
        const lanes x = fused(load(scores + k * half + j), splat(scale), offset);
        rounded[k] = power_of_two(larger(x, splat(-126.0f))) + rounder;
      }
      const ints pairs = pair(rounded[0], rounded[1]);
      sum = add_pairs(sum, pairs, splat_ints(0x10001));
      store_ints(weights + j, pairs);
    }
    sums[v] = to_floats(sum);
  }
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
    store(out, fused(load(out), splat(kept[t]), low_gain));
    store(out + width, fused(load(out + width), splat(kept[t]), high_gain));
  }
}

/// Query vectors as integers: pairs [count][size / 2] and what a unit of a score stands for.
typedef struct rounded_queries {
  _Alignas(64) int32_t pairs[batch * largest_head / 2];
  float scales[batch];
} rounded_queries;

CK_PART void attend_tile(
    queries *q, const rounded_queries *rounded, size_t i, size_t n, size_t count,
    const rounded_block *keys, ck_ahead *ahead) {
  _Alignas(64) float weights[tile * block];
  _Alignas(64) int32_t weight_pairs[tile * block / 2];
  const size_t size = q->job->head_size;
  for (size_t j = 0; j < count; j += 2 * width) {
    ck_ask(ahead, ahead->share);
    scores(rounded->pairs + i * size / 2, n, size, keys, j, weights);
  }
  float highest[whole_tile] = {0}, old[whole_tile] = {0};
  for (size_t t = 0; t < n; t++) {
    for (size_t j = count; j < 2 * keys->half; j++) {
      weights[t * block + j] = -INFINITY;
    }
    lanes maximum = load(weights + t * block);
    for (size_t j = width; j < 2 * keys->half; j += width) {
      maximum = larger(maximum, load(weights + t * block + j));
    }
    highest[t] = largest_lane(maximum) * rounded->scales[i + t];
    old[t] = q->maximum[i + t];
  }
  float kept[whole_tile], gained[whole_tile], maximums[whole_tile];
  for (size_t t = 0; t < whole_tile; t++) {
    maximums[t] = highest[t] > old[t] ? highest[t] : old[t];
    kept[t] = ck_exp((old[t] - maximums[t]) * log_2);
    gained[t] = ck_exp((highest[t] - maximums[t]) * log_2) / (float)weight_limit;
  }
  for (size_t t = 0; t < n; t++) {
    lanes sum[sum_vectors];
    weigh(
        weights + t * block, rounded->scales[i + t], highest[t], keys->half,
        weight_pairs + t * block / 2, sum);
    q->maximum[i + t] = maximums[t];
    move_sum(q, i + t, kept[t], gained[t], sum);
  }
  const size_t used = count < keys->half ? count : keys->half;
  for (size_t c = 0; c < size; c += 2 * width) {
    ck_ask(ahead, ahead->share);
    add_values(q, i, n, kept, gained, weight_pairs, keys, used, c);
  }
}

CK_PART rounded_block rounded_before(
    const ck_attention *job, const ck_segment *segment, size_t column, size_t index) {
  const size_t size = job->head_size;
  const size_t place = index * job->kv_heads + column / size;
  return parts_of_block(segment->rounded + place * CK_ROUNDED_BYTES(size), size, block / 2);
}

/// Block `index` of a segment, to be asked for in `parts` parts; nothing where it was not rounded
/// before.
CK_PART ck_ahead look_ahead(
    const ck_attention *job, const ck_segment *segment, size_t column, size_t index,
    size_t parts) {
  if (index >= segment->rounded_count || index * block >= segment->count) {
    return (ck_ahead){0};
  }
  const size_t bytes = CK_ROUNDED_BYTES(job->head_size);
  const char *start = (const char *)rounded_before(job, segment, column, index).keys;
  return (ck_ahead){.next = start, .end = start + bytes, .share = bytes / parts};
}

/// Lets queries [i, end) meet block `index` of a segment, `count` keys.
CK_PART void attend_block(
    queries *q, const rounded_queries *rounded, size_t i, size_t end, const ck_segment *segment,
    size_t column, size_t index, size_t count, const rounded_block *keys) {
  const size_t size = q->job->head_size, tiles = (end - i + tile - 1) / tile;
  ck_ahead ahead = look_ahead(
      q->job, segment, column, index + 1, tiles * (block + size) / (2 * width));
  for (; i + tile <= end; i += tile) {
    attend_tile(q, rounded, i, tile, count, keys, &ahead);
  }
  for (; i + tile / 2 <= end; i += tile / 2) {
    attend_tile(q, rounded, i, tile / 2, count, keys, &ahead);
  }
  for (; tile > 4 && i + 3 <= end; i += 3) {
    attend_tile(q, rounded, i, 3, count, keys, &ahead);
  }
  for (; i < end; i++) {
    attend_tile(q, rounded, i, 1, count, keys, &ahead);
  }
}

/// Number of keys of a segment that row `row` meets rounded.
CK_PART size_t rounded_keys(const ck_segment *segment, size_t row) {
  return segment->visibility == ck_visible_all ? segment->count
                                               : ck_visible_run(segment, row) / block * block;
}

/// Lets the queries of a range meet those of the first `ends[i]` keys of a segment.
CK_PART void attend_segment(
    queries *q, query_range range, const rounded_queries *rounded, const ck_segment *segment,
    size_t column, const size_t *ends) {
  const size_t size = q->job->head_size;
  _Alignas(64) uint8_t storage[CK_ROUNDED_BYTES(largest_head)];
  size_t most = 0;
  for (size_t i = range.first; i < range.end; i++) {
    most = ends[i] > most ? ends[i] : most;
  }
  for (size_t first = 0; first < most; first += block) {
    const size_t count = most - first < block ? most - first : block;
    rounded_block keys;
    if (first / block < segment->rounded_count) {
      keys = rounded_before(q->job, segment, column, first / block);
    } else {
      keys = parts_of_block(storage, size, count <= block / 2 ? block / 4 : block / 2);
      round_block(segment, column, size, first, count, &keys);
    }
    size_t end = 0;
    for (size_t i = range.first; i < range.end; i = end) {
      for (; i < range.end && ends[i] <= first; i++) {
      }
      for (end = i; end < range.end && ends[end] > first; end++) {
      }
      if (i < end) {
        attend_block(q, rounded, i, end, segment, column, first / block, count, &keys);
      }
    }
  }
}

CK_TARGET static void attend(queries *q, size_t column) {
  const ck_attention *job = q->job;
  const size_t size = job->head_size;
  const float limit = query_limit(size);
  rounded_queries rounded;
  ck_ahead ahead = {0};
  if (job->segment_count > 0) {
    ahead = look_ahead(job, &job->segments[0], column, 0, q->count);
  }
  for (size_t i = 0; i < q->count; i++) {
    ck_ask(&ahead, ahead.share);
    const float maximum = largest(q->vector[i], size, 1, size);
    round_vector(
        q->vector[i], size, maximum > 0 ? limit / maximum : 0, rounded.pairs + i * size / 2);
    // Scores count in powers of two. Times 0, what is hidden would be no number.
    rounded.scales[i] = maximum / limit * job->scale / log_2 + 1e-30f;
  }
  size_t ends[batch];
  for (size_t s = 0; s < job->segment_count; s++) {
    const ck_segment *segment = &job->segments[s];
    const query_range range = queries_of(q, segment);
    for (size_t i = range.first; i < range.end; i++) {
      const bool is_new = i == range.first || q->row[i] != q->row[i - 1];
      ends[i] = is_new ? rounded_keys(segment, q->row[i]) : ends[i - 1];
    }
    attend_segment(q, range, &rounded, segment, column, ends);
    if (segment->visibility != ck_visible_all) {
      meet_from(q, range, segment, column, ends, log_2);
    }
  }
}

CK_TARGET void CK_NAME(round_keys)(
    const ck_segment *segment, size_t kv_heads, size_t head_size, size_t kv_head, size_t index,
    uint8_t *target) {
#ifdef CK_NARROWER_ROUNDING
  if (head_size % pairs_step != 0) {
    CK_NARROWER_ROUNDING(segment, kv_heads, head_size, kv_head, index, target);
    return;
  }
#endif
  const size_t first = index * block, rest = segment->count - first;
  const rounded_block keys = parts_of_block(
      target + (index * kv_heads + kv_head) * CK_ROUNDED_BYTES(head_size), head_size, block / 2);
  round_block(
      segment, kv_head * head_size, head_size, first, rest < block ? rest : block, &keys);
}

CK_TARGET void CK_NAME(attention_q16)(
    const ck_attention *job, size_t row, size_t row_end, size_t kv_head, size_t kv_head_end) {
  if (job->head_size % pairs_step != 0 || job->head_size > largest_head
      || job->heads / job->kv_heads > batch) {
    CK_NARROWER(job, row, row_end, kv_head, kv_head_end);
    return;
  }
  walk(job, row, row_end, kv_head, kv_head_end, attend);
}
