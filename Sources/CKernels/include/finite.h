#ifndef CK_FINITE_H
#define CK_FINITE_H

#include <stddef.h>

#include "dequantize.h"

/// The first of `count` elements encoded as `type` at `source` (any alignment) that is an infinity or
/// NaN, in block types the first of its block; `count` where all are finite. `count` is a multiple
/// of the type's block. Of a block only its scales are read.
size_t ck_first_not_finite(ck_type type, const void *source, size_t count);

#endif
