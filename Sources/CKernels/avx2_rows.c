#include "levels.h"

#if defined(__x86_64__)

#define CK_HAS_FMA 1
#define CK_TARGET __attribute__((target("avx2,fma")))
#define CK_NAME(kernel) ck_avx2_##kernel
#include "level_rows.h"

#endif
