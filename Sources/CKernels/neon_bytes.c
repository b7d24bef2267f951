#if defined(__aarch64__)

#include <arm_neon.h>

#define CK_WIDTH 4
#define CK_Q8_ROWS 4
#define CK_Q4_ROWS 4
#define CK_PANELS ck_neon_panels
#define CK_TARGET
#define CK_PART static inline __attribute__((always_inline))
#define CK_NAME(kernel) ck_neon_##kernel
#include "lanes.h"

// Signed by signed bytes to 16 bits, where pairs are added, then to 32.

CK_PART ints add_products(ints sums, ints weights, ints inputs) {
  const int8x16_t w = (int8x16_t)weights, x = (int8x16_t)inputs;
  const int16x8_t low = vmull_s8(vget_low_s8(w), vget_low_s8(x));
  return (ints)vpadalq_s16((int32x4_t)sums, vpaddq_s16(low, vmull_high_s8(w, x)));
}

#include "pairs.h"

#include "wide_sums.h"

#include "byte_tiles.h"

#endif
