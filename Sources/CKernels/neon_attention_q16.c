#if defined(__aarch64__)

#include <arm_neon.h>

#define CK_WIDTH 4
// Twenty-four accumulators.
#define CK_ROWS 12
#define CK_TARGET
#define CK_PART static inline __attribute__((always_inline))
#define CK_NAME(kernel) ck_neon_##kernel
#define CK_NARROWER ck_neon_attention
#include "lanes.h"

#include "attention_pairs.h"

#endif
