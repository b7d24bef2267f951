#if defined(__aarch64__)

// Twenty-four accumulators, four registers of weights, one of broadcast activations.
#define CK_WIDTH 4
#define CK_F32_ROWS 6
#define CK_BF16_ROWS 6
#define CK_BF16_SUMS 24
#define CK_PANELS ck_neon_panels
#define CK_TARGET
#define CK_PART static inline __attribute__((always_inline))
#define CK_NAME(kernel) ck_neon_##kernel
#include "fma_tiles.h"

#endif
