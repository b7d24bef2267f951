#include "CHunspell.h"

CL_DEFINE(
    libhunspell, CHUNSPELL_FUNCTIONS,
    CL_MISSING("libhunspell", "checks spelling", "libhunspell-1.7-0"), "libhunspell-1.7.so.0",
    "libhunspell-1.7.so", "libhunspell.so")
