#include "CCrypto.h"

#if OPENSSL_VERSION_NUMBER >= 0x30000000L
#define VERSION "3"
#else
#define VERSION "1.1"
#endif

CL_DEFINE(
    libcrypto, CCRYPTO_FUNCTIONS,
    CL_MISSING("libcrypto", "computes checksums of models", "libssl" VERSION),
    "libcrypto.so." VERSION)
