#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define CK_WIDTH 4
// Eight accumulators.
#define CK_ROWS 4
#define CK_TARGET
#define CK_PART static inline __attribute__((always_inline))
#define CK_NAME(kernel) ck_portable_##kernel
#define CK_NARROWER ck_portable_attention
#include "lanes.h"

#include "attention_pairs.h"
