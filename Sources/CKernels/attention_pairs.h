// Attention with products of pairs of 16-bit integers, two in the place of one fp32 product. A file
// defines what attention_tiles.h asks for, includes lanes.h, defines `add_pairs`, which adds to
// sums the products of two vectors of pairs, and includes this one.

#include "attention_vectors.h"

#include "attention_direct.h"
#include "attention_rounding.h"

// As in attention_tiles.h, but a block has 64 keys and is made integers when it is met, unless it
// was rounded before. Weights are integers relative to the block's own largest, so that a key that
// takes nearly all of a row costs precision to its block alone.
//
// Rounding pays for many rows. Few rows meet what was rounded before, and the other keys directly;
// so do rows of which each sees few keys of a mask.

enum {
  /// Of as many keys that a mask shows each row, meeting them directly takes less than the block.
  few_keys = 16,
  /// Queries of a tile, in whole vectors.
  whole_tile = (tile + width - 1) / width * width,
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
  p = __builtin_elementwise_fma(p, r, splat(2.4261115e-1f));
  p = __builtin_elementwise_fma(p, r, splat(6.9326099e-1f));
  p = __builtin_elementwise_fma(p, r, splat(9.9992808e-1f));
  return (lanes)((ints)p + ((ints)shifted << 23));
}

/// Weights 2^(scale * score - maximum) of one query as pairs in units of 1 / weight_limit; returns
/// their sum, lane by lane.
CK_PART lanes weigh(
    const float *scores, float scale, float maximum, size_t half, int32_t *weights) {
  const float log2_limit = 12.49985f;
  const lanes offset = splat(log2_limit - maximum);
  ints sum = {0};
  for (size_t j = 0; j < half; j += width) {
    lanes rounded[2];
#pragma clang loop unroll(full)
    for (size_t k = 0; k < 2; k++) {
      const lanes x =
          __builtin_elementwise_fma(load(scores + k * half + j), splat(scale), offset);
      rounded[k] = power_of_two(larger(x, splat(-126.0f))) + rounder;
    }
    const ints pairs = pair(rounded[0], rounded[1]);
    sum = add_pairs(sum, pairs, splat_ints(0x10001));
    store_ints(weights + j, pairs);
  }
  return to_floats(sum);
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
    size_t first, size_t count, const rounded_block *keys, ck_ahead *ahead) {
  _Alignas(64) float weights[tile * block];
  _Alignas(64) int32_t weight_pairs[tile * block / 2];
  const size_t size = q->job->head_size;
  const size_t limit = ck_visible_limit(segment, q->row[i + n - 1]);
  if (limit <= first) {
    return;
  }
  // Keys that none of these queries sees are at the end of a block of causal text.
  const size_t seen = limit - first < count ? limit - first : count;
  for (size_t j = 0; j < seen; j += 2 * width) {
    ck_ask(ahead, ahead->share);
    scores(rounded->pairs + i * size / 2, n, size, keys, j, weights);
  }
  float highest[whole_tile] = {0}, old[whole_tile] = {0};
  for (size_t t = 0; t < n; t++) {
    hide(q, i + t, segment, first, count, 2 * keys->half, weights + t * block);
    lanes maximum = load(weights + t * block);
    for (size_t j = width; j < 2 * keys->half; j += width) {
      maximum = larger(maximum, load(weights + t * block + j));
    }
    highest[t] = largest_lane(maximum) * rounded->scales[i + t];
    old[t] = q->maximum[i + t];
  }
  float kept[whole_tile], gained[whole_tile], maximums[whole_tile];
  for (size_t t = 0; t < whole_tile; t++) {
    // Where all are hidden, -inf less this is -inf still.
    highest[t] = highest[t] > -1e30f ? highest[t] : -1e30f;
    maximums[t] = highest[t] > old[t] ? highest[t] : old[t];
    kept[t] = ck_exp((old[t] - maximums[t]) * log_2);
    gained[t] = ck_exp((highest[t] - maximums[t]) * log_2) / (float)weight_limit;
  }
  for (size_t t = 0; t < n; t++) {
    const lanes sum = weigh(
        weights + t * block, rounded->scales[i + t], highest[t], keys->half,
        weight_pairs + t * block / 2);
    q->maximum[i + t] = maximums[t];
    q->sum[i + t] = q->sum[i + t] * kept[t] + sum * gained[t];
  }
  const size_t used = seen < keys->half ? seen : keys->half;
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

/// Lets the queries from `i` on meet block `index` of a segment, `count` keys.
CK_PART void attend_block(
    queries *q, const rounded_queries *rounded, size_t i, const ck_segment *segment,
    size_t column, size_t index, size_t count, const rounded_block *keys) {
  const size_t first = index * block, size = q->job->head_size;
  const size_t tiles = (q->count - i + tile - 1) / tile;
  ck_ahead ahead = look_ahead(
      q->job, segment, column, index + 1, tiles * (block + size) / (2 * width));
  for (; i + tile <= q->count; i += tile) {
    attend_tile(q, rounded, i, tile, segment, first, count, keys, &ahead);
  }
  for (; i + tile / 2 <= q->count; i += tile / 2) {
    attend_tile(q, rounded, i, tile / 2, segment, first, count, keys, &ahead);
  }
  for (; i < q->count; i++) {
    attend_tile(q, rounded, i, 1, segment, first, count, keys, &ahead);
  }
}

/// Lets many rows meet a segment.
CK_PART void attend_segment(
    queries *q, const rounded_queries *rounded, const ck_segment *segment, size_t column) {
  const size_t size = q->job->head_size;
  _Alignas(64) uint8_t storage[CK_ROUNDED_BYTES(largest_head)];
  const size_t visible = ck_visible_limit(segment, q->row[q->count - 1]);
  for (size_t first = 0; first < visible; first += block) {
    const size_t count = visible - first < block ? visible - first : block;
    rounded_block keys;
    if (first / block < segment->rounded_count) {
      keys = rounded_before(q->job, segment, column, first / block);
    } else {
      keys = parts_of_block(
          storage, size, (count + 2 * width - 1) / (2 * width) * width);
      round_block(segment, column, size, first, count, &keys);
    }
    attend_block(q, rounded, 0, segment, column, first / block, count, &keys);
  }
}

/// How many keys of a segment row `row`, one of few, meets rounded. In text read on that depends on
/// the row's place alone and not on those beside it, so that a row is the same in every such pass:
/// blocks that ended `CK_FEW_ROWS` before.
CK_PART size_t rounded_keys(const ck_segment *segment, size_t row) {
  const size_t limit = ck_visible_limit(segment, row);
  size_t blocks = segment->rounded_count;
  if (segment->visibility == ck_visible_causal) {
    const size_t ended = limit < CK_FEW_ROWS ? 0 : (limit - CK_FEW_ROWS) / block;
    blocks = ended < blocks ? ended : blocks;
  }
  return blocks * block < limit ? blocks * block : limit;
}

/// Whether a mask shows no row more than a few keys.
CK_PART bool shows_few(const queries *q, const ck_segment *segment) {
  if (segment->visibility != ck_visible_masked) {
    return false;
  }
  for (size_t row = q->row[0]; row <= q->row[q->count - 1]; row++) {
    const uint8_t *mask = ck_mask_row(segment, row);
    size_t shown = 0;
    for (size_t j = 0; j < segment->count; j++) {
      shown += mask[j] != 0;
    }
    if (shown > few_keys) {
      return false;
    }
  }
  return true;
}

/// Lets few rows meet a segment.
CK_PART void attend_few(
    queries *q, const rounded_queries *rounded, const ck_segment *segment, size_t column) {
  const size_t group = q->job->heads / q->job->kv_heads;
  const size_t most = rounded_keys(segment, q->row[q->count - 1]);
  ask_keys(segment, q->job->head_size, column, rounded_keys(segment, q->row[0]), direct_block);
  size_t i = 0;
  for (size_t first = 0; first < most; first += block) {
    while (rounded_keys(segment, q->row[i]) <= first) {
      i += group;
    }
    const size_t rest = segment->count - first;
    const rounded_block keys = rounded_before(q->job, segment, column, first / block);
    attend_block(
        q, rounded, i, segment, column, first / block, rest < block ? rest : block, &keys);
  }
  for (i = 0; i < q->count; i += group) {
    meet_row(q, i, segment, column, rounded_keys(segment, q->row[i]), log_2);
  }
}

CK_TARGET static void attend(queries *q, size_t column) {
  const ck_attention *job = q->job;
  const size_t size = job->head_size;
  const bool few = job->rows < CK_FEW_ROWS;
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
  for (size_t s = 0; s < job->segment_count; s++) {
    const ck_segment *segment = &job->segments[s];
    if (few || shows_few(q, segment)) {
      attend_few(q, &rounded, segment, column);
    } else {
      attend_segment(q, &rounded, segment, column);
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
