// Queries, keys and values as pairs of 16-bit integers. See attention_pairs.h, which includes this.
//
// Keys have a scale for each eight of them, values one for each column of a block, queries one for
// each. The ranges are the largest whose sums fit 32 bits.
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

CK_PART lanes larger_magnitude(lanes a, const float *x) { return larger(a, absolute(load(x))); }

/// The largest magnitude in `count` vectors of `size` floats.
CK_PART float largest(const float *x, size_t stride, size_t count, size_t size) {
  lanes even = {0}, odd = {0};
  for (size_t j = 0; j < count; j++) {
    for (size_t i = 0; i < size; i += 2 * width) {
      even = larger_magnitude(even, x + j * stride + i);
      odd = larger_magnitude(odd, x + j * stride + i + width);
    }
  }
  return largest_lane(larger(even, odd));
}

/// Pairs of `size` floats times `factor`.
CK_PART void round_vector(const float *x, size_t size, float factor, int32_t *target) {
  for (size_t i = 0; i < size / 2; i += width) {
    const lanes low = fused(load(x + i), splat(factor), splat(rounder));
    const lanes high = fused(load(x + size / 2 + i), splat(factor), splat(rounder));
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
  /// Distance of keys that share a pair, 16 or 32.
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
    const float *words[8];
    for (size_t j = 0; j < 8; j++) {
      words[j] = (const float *)rows + (j < end ? j : 0) * size / 2;
    }
    for (size_t d = 0; d < size / 2; d += 8) {
      transpose_8(words, d, (float *)target->keys + d * block + first, block);
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
      maximum[c] = larger_magnitude(maximum[c], source + j * stride + column + c * width);
    }
  }
#pragma clang loop unroll(full)
  for (size_t c = 0; c < vectors; c++) {
    store(target->value_scales + column + c * width, maximum[c] / (float)weight_limit);
    factor[c] = (float)weight_limit / larger(maximum[c], splat(1e-30f));
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
        a = fused(load(low + c * width), factor[c], none);
      }
      if (j + half < count) {
        b = fused(load(high + c * width), factor[c], none);
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
