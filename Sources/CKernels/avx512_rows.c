#include "levels.h"

#if defined(__x86_64__)

#define CK_HAS_FMA 1
#define CK_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define CK_NAME(kernel) ck_avx512_##kernel
#include "level_rows.h"

#endif
