#ifndef CK_SUMMARY_H
#define CK_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

#define CK_MAX_CANDIDATES 8

/// How one row of logits becomes a token.
typedef struct ck_choice {
  /// Logits [count]; overwritten.
  float *logits;
  /// Second row mixed in as p = (1 - weight) softmax(logits) + weight softmax(second), or null;
  /// overwritten.
  float *second;
  float weight;
  size_t count;
  /// Ids excluded from both softmaxes; each below `count`.
  const int32_t *banned;
  size_t banned_count;
  const int32_t *more_banned;
  size_t more_banned_count;
  /// 0 takes the likeliest token. Above 0 draws from p^(1/temperature) by the Gumbel-max trick with
  /// noise that is a function of (seed, key, token) alone.
  float temperature;
  uint64_t seed;
  uint64_t key;
  /// Number of candidates wanted, at most CK_MAX_CANDIDATES.
  size_t candidates;
} ck_choice;

typedef struct ck_summary {
  /// The chosen token; -1 when no token is allowed.
  int32_t token;
  /// Its probability at temperature 1.
  float probability;
  /// ln sum exp(logits) over allowed tokens; 0 for a mixed row.
  float log_normalizer;
  /// Of the distribution at temperature 1, in nats.
  float entropy;
  /// The likeliest tokens in falling order, the lower id first among equals.
  int32_t candidate_count;
  int32_t candidates[CK_MAX_CANDIDATES];
  float candidate_probabilities[CK_MAX_CANDIDATES];
} ck_summary;

typedef void (*ck_summarize_function)(const ck_choice *choice, ck_summary *summary);

#endif
