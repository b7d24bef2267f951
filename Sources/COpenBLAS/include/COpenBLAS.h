// OpenBLAS, loaded by the kernels of the level that multiplies with it: it starts threads.
#ifndef COPENBLAS_H
#define COPENBLAS_H

#include <cblas.h>

#include "CLoading.h"

#define COPENBLAS_FUNCTIONS(F)                                                                    \
  F(cblas_sgemm)                                                                                  \
  F(openblas_set_num_threads)

CL_DECLARE(libopenblas, COPENBLAS_FUNCTIONS)

#endif
