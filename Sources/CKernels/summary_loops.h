// The summary of a row of logits as inline functions: a level includes this file and calls
// `ck_summarize_row` from a function compiled for its instruction set.
#ifndef CK_SUMMARY_LOOPS_H
#define CK_SUMMARY_LOOPS_H

#include <math.h>

#include "include/summary.h"
#include "sixteen.h"
#include "vector_math.h"

/// Elements summed in fp32 before a partial sum goes to a double.
enum { ck_sum_block = 512 };

CK_INLINE void ck_ban(float *logits, const int32_t *ids, size_t count) {
  for (size_t i = 0; i < count; i++) {
    logits[ids[i]] = -INFINITY;
  }
}

CK_INLINE float ck_maximum(const float *x, size_t count) {
  enum { lanes = 32 };
  float highest[lanes];
  for (size_t lane = 0; lane < lanes; lane++) {
    highest[lane] = -INFINITY;
  }
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    for (size_t lane = 0; lane < lanes; lane++) {
      highest[lane] = x[i + lane] > highest[lane] ? x[i + lane] : highest[lane];
    }
  }
  for (; i < count; i++) {
    highest[0] = x[i] > highest[0] ? x[i] : highest[0];
  }
  float maximum = -INFINITY;
  for (size_t lane = 0; lane < lanes; lane++) {
    maximum = highest[lane] > maximum ? highest[lane] : maximum;
  }
  return maximum;
}

/// Whether any of `count` elements is above `bound`.
CK_INLINE int ck_any_above(const float *x, size_t count, float bound) {
  int32_t any = 0;
  for (size_t i = 0; i < count; i++) {
    any |= x[i] > bound ? -1 : 0;
  }
  return any != 0;
}

/// sum exp(x - maximum) and sum exp(x - maximum) (x - maximum).
CK_INLINE void ck_sum_row(const float *x, size_t count, float maximum, double *sum, double *moment) {
  *sum = 0;
  *moment = 0;
  for (size_t first = 0; first < count; first += ck_sum_block) {
    const size_t size = count - first < ck_sum_block ? count - first : ck_sum_block;
    float weights[ck_sum_block], differences[ck_sum_block];
    for (size_t i = 0; i < size; i++) {
      // What is banned is -inf.
      const float difference = x[first + i] - maximum;
      differences[i] = difference < ck_exp_lowest ? ck_exp_lowest : difference;
      weights[i] = ck_exp_within(differences[i]);
    }
    *sum += (double)ck_sum_products(weights, 0, size);
    *moment += (double)ck_sum_products(weights, differences, size);
  }
}

/// Replaces `x` by ln((1 - weight) softmax(x) + weight softmax(second)).
CK_INLINE void ck_mix(float *x, float *second, size_t count, float weight) {
  const float x_maximum = ck_maximum(x, count), second_maximum = ck_maximum(second, count);
  double x_sum, second_sum, unused;
  ck_sum_row(x, count, x_maximum, &x_sum, &unused);
  ck_sum_row(second, count, second_maximum, &second_sum, &unused);
  const float a = (float)((1 - (double)weight) / x_sum);
  const float b = (float)((double)weight / second_sum);
  for (size_t i = 0; i < count; i++) {
    const float other = b * ck_exp(second[i] - second_maximum);
    x[i] = ck_log(ck_fused(a, ck_exp(x[i] - x_maximum), other));
  }
}

/// The `wanted` largest elements, falling; the lower index first among equals. Elements of -inf are
/// left out.
CK_INLINE void ck_best(const float *x, size_t count, size_t wanted, ck_summary *summary) {
  enum { stride = 64 };
  float values[CK_MAX_CANDIDATES];
  size_t found = 0;
  float bound = -INFINITY;
  for (size_t first = 0; first < count; first += stride) {
    const size_t end = count - first < stride ? count : first + stride;
    // Most strides hold nothing above the worst kept candidate.
    if (!ck_any_above(x + first, end - first, bound)) {
      continue;
    }
    for (size_t i = first; i < end; i++) {
      if (!(x[i] > bound)) {
        continue;
      }
      size_t place = found < wanted ? found++ : wanted - 1;
      for (; place > 0 && values[place - 1] < x[i]; place--) {
        values[place] = values[place - 1];
        summary->candidates[place] = summary->candidates[place - 1];
      }
      values[place] = x[i];
      summary->candidates[place] = (int32_t)i;
      bound = found < wanted ? -INFINITY : values[wanted - 1];
    }
  }
  summary->candidate_count = (int32_t)found;
  for (size_t i = 0; i < found; i++) {
    summary->candidate_probabilities[i] = values[i];
  }
}

/// A 32-bit mixing function with low bias (xor-shift, multiply; constants by C. Wellons).
CK_INLINE uint32_t ck_mix_bits(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  return x ^ x >> 16;
}

/// SplitMix64's output function.
CK_INLINE uint64_t ck_mix_wide(uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

/// A standard exponential variate for (low, high, index), in [3e-8, 17.4].
CK_INLINE float ck_exponential(uint32_t low, uint32_t high, uint32_t index) {
  const uint32_t bits = ck_mix_bits(ck_mix_bits(index ^ low) + high);
  return -ck_log(((float)(int32_t)(bits >> 8) + 0.5f) * 0x1p-24f);
}

/// argmax of x / temperature + Gumbel noise, written as a race: the largest
/// exp((x - maximum) / temperature) / exponential. The lower index wins a tie.
CK_INLINE int32_t ck_draw(const ck_choice *choice, float maximum) {
  const uint64_t mixed =
      ck_mix_wide(ck_mix_wide(choice->seed + 0x9e3779b97f4a7c15u) ^ ck_mix_wide(choice->key));
  const uint32_t low = (uint32_t)mixed, high = (uint32_t)(mixed >> 32);
  const float inverse = 1 / choice->temperature;
  enum { stride = 64 };
  float best = 0;
  int32_t token = -1;
  for (size_t first = 0; first < choice->count; first += stride) {
    const size_t size = choice->count - first < stride ? choice->count - first : stride;
    float race[stride];
    for (size_t i = 0; i < size; i++) {
      const float weight = ck_exp((choice->logits[first + i] - maximum) * inverse);
      race[i] = weight / ck_exponential(low, high, (uint32_t)(first + i));
    }
    if (ck_any_above(race, size, best)) {
      for (size_t i = 0; i < size; i++) {
        if (race[i] > best) {
          best = race[i];
          token = (int32_t)(first + i);
        }
      }
    }
  }
  return token;
}

CK_INLINE void ck_summarize_row(const ck_choice *choice, ck_summary *summary) {
  float *x = choice->logits;
  const size_t count = choice->count;
  ck_ban(x, choice->banned, choice->banned_count);
  ck_ban(x, choice->more_banned, choice->more_banned_count);
  if (choice->second) {
    ck_ban(choice->second, choice->banned, choice->banned_count);
    ck_ban(choice->second, choice->more_banned, choice->more_banned_count);
    ck_mix(x, choice->second, count, choice->weight);
  }
  const float maximum = ck_maximum(x, count);
  double sum, moment;
  ck_sum_row(x, count, maximum, &sum, &moment);
  // One candidate at least: it is the token chosen at temperature 0.
  const size_t wanted = choice->candidates > 0 ? choice->candidates : 1;
  ck_best(x, count, wanted, summary);
  const int32_t found = summary->candidate_count;
  for (int32_t i = 0; i < found; i++) {
    const double difference = (double)(summary->candidate_probabilities[i] - maximum);
    summary->candidate_probabilities[i] = (float)(ck_exp_wide(difference) / sum);
  }
  summary->candidate_count = choice->candidates > 0 ? found : 0;
  summary->token = found > 0 ? summary->candidates[0] : -1;
  if (found > 0 && choice->temperature > 0) {
    summary->token = ck_draw(choice, maximum);
  }
  const double log_sum = ck_log_wide(sum);
  summary->log_normalizer = choice->second ? 0 : (float)((double)maximum + log_sum);
  // What is left of banned tokens, or of errors where one token has all, is nothing.
  const double entropy = log_sum - moment / sum;
  summary->entropy = entropy > 1e-20 ? (float)entropy : 0;
  summary->probability =
      summary->token < 0 ? 0 : (float)(ck_exp_wide((double)(x[summary->token] - maximum)) / sum);
}

#endif
