#if defined(__x86_64__)

// Sixteen accumulators: with more, compilers keep broadcasts of activations in memory. Twenty-four
// with bfloat16, whose even and odd inputs have their own.
#define CK_FEATURES "avx512f,avx512bw,avx512dq,avx512vl"
#define CK_HAS_FMA 1
#define CK_WIDTH 16
#define CK_F32_ROWS 8
#define CK_BF16_ROWS 6
#define CK_BF16_SUMS 24
#define CK_PANELS ck_avx512_panels
#define CK_TARGET __attribute__((target(CK_FEATURES)))
#define CK_PART static inline __attribute__((target(CK_FEATURES), always_inline))
#define CK_NAME(kernel) ck_avx512_##kernel
#include "fma_tiles.h"

#endif
