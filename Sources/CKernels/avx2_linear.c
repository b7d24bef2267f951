#if defined(__x86_64__)

// Twelve accumulators, two registers of weights, one of broadcast activations.
#define CK_HAS_FMA 1
#define CK_WIDTH 8
#define CK_F32_ROWS 6
#define CK_BF16_ROWS 4
#define CK_BF16_SUMS 12
#define CK_PANELS ck_avx2_panels
#define CK_TARGET __attribute__((target("avx2,fma")))
#define CK_PART static inline __attribute__((target("avx2,fma"), always_inline))
#define CK_NAME(kernel) ck_avx2_##kernel
#include "fma_tiles.h"

#endif
