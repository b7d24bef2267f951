#if defined(__x86_64__)

#include <immintrin.h>

#define CK_FEATURES "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"
#define CK_HAS_FMA 1
#define CK_HAS_VNNI 1
#define CK_WIDTH 16
// Twenty-four accumulators.
#define CK_ROWS 12
#define CK_TARGET __attribute__((target(CK_FEATURES)))
#define CK_PART static inline __attribute__((target(CK_FEATURES), always_inline))
#define CK_NAME(kernel) ck_avx512_##kernel
#define CK_NARROWER ck_avx2_attention_q16
#define CK_NARROWER_ROUNDING ck_avx2_round_keys
#include "lanes.h"

#include "attention_pairs.h"

#endif
