#include "COpenBLAS.h"

CL_DEFINE(
    libopenblas, COPENBLAS_FUNCTIONS,
    CL_MISSING("OpenBLAS", "the kernel level openblas needs", "libopenblas0"),
    "libopenblas.so.0", "libopenblas.so")
