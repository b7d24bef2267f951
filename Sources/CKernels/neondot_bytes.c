#if defined(__aarch64__)

#include <arm_neon.h>

// Thirty-two registers of sums, half of them of fp32, which wait in memory most of the time.
#define CK_WIDTH 4
#define CK_Q8_ROWS 4
#define CK_Q4_ROWS 4
#define CK_PANELS ck_neondot_panels
#define CK_TARGET __attribute__((target("dotprod")))
#define CK_PART static inline __attribute__((target("dotprod"), always_inline))
#define CK_NAME(kernel) ck_neondot_##kernel
#include "lanes.h"

CK_PART ints add_products(ints sums, ints weights, ints inputs) {
  return (ints)vdotq_s32((int32x4_t)sums, (int8x16_t)weights, (int8x16_t)inputs);
}

#include "pairs.h"

#include "wide_sums.h"

#include "byte_tiles.h"

#endif
