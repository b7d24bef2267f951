// Eight accumulators of four lanes fit the sixteen registers of SSE2 with two of weights.
#define CK_WIDTH 4
#define CK_F32_ROWS 2
#define CK_BF16_ROWS 2
#define CK_BF16_SUMS 8
#define CK_PANELS ck_portable_panels
#define CK_TARGET
#define CK_PART static inline __attribute__((always_inline))
#define CK_NAME(kernel) ck_portable_##kernel
#include "fma_tiles.h"
