#if defined(__aarch64__)

#define CK_WIDTH 4
// Twenty-four accumulators.
#define CK_ROWS 12
#define CK_TARGET
#define CK_PART static inline __attribute__((always_inline))
#define CK_NAME(kernel) ck_neon_##kernel
#define CK_NARROWER ck_scalar_attention
#include "attention_tiles.h"

#endif
