#if defined(__x86_64__)

#define CK_HAS_FMA 1
#define CK_WIDTH 8
// Twelve accumulators.
#define CK_ROWS 6
#define CK_TARGET __attribute__((target("avx2,fma")))
#define CK_PART static inline __attribute__((target("avx2,fma"), always_inline))
#define CK_NAME(kernel) ck_avx2_##kernel
#define CK_NARROWER ck_scalar_attention
#include "attention_tiles.h"

#endif
