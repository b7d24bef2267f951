#if defined(__x86_64__)

#include <immintrin.h>

// Twenty-four registers of sums, twelve of them of integers.
#define CK_FEATURES "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"
#define CK_HAS_FMA 1
#define CK_HAS_VNNI 1
#define CK_WIDTH 16
#define CK_Q8_ROWS 6
#define CK_Q4_ROWS 6
#define CK_PANELS ck_avx512_panels
#define CK_TARGET __attribute__((target(CK_FEATURES)))
#define CK_PART static inline __attribute__((target(CK_FEATURES), always_inline))
#define CK_NAME(kernel) ck_avx512_##kernel
#include "lanes.h"

// VNNI multiplies four unsigned by four signed bytes in each lane and adds them to a 32-bit sum
// without saturation on the way, so the ranges are full bytes.

CK_PART ints add_products(ints sums, ints weights, ints inputs) {
  return (ints)_mm512_dpbusd_epi32((__m512i)sums, (__m512i)weights, (__m512i)inputs);
}

#include "pairs.h"

#include "wide_sums.h"

#include "byte_tiles.h"

#endif
