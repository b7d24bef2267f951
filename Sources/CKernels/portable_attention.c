#define CK_WIDTH 4
// Eight accumulators.
#define CK_ROWS 4
#define CK_TARGET
#define CK_PART static inline __attribute__((always_inline))
#define CK_NAME(kernel) ck_portable_##kernel
#define CK_NARROWER ck_scalar_attention
#include "attention_tiles.h"
