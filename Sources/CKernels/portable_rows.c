#include "levels.h"

#define CK_TARGET
#define CK_NAME(kernel) ck_portable_##kernel
#include "level_rows.h"
