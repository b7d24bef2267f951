#include "levels.h"

static const ck_kernels portable = {
    .level = ck_level_portable,
    .linear_f32 = ck_portable_linear_f32,
    .attention = ck_portable_attention,
    .rms_norm = ck_portable_rms_norm,
    .rotate = ck_portable_rotate,
    .swiglu = ck_portable_swiglu,
    .add = ck_portable_add,
    .summarize = ck_portable_summarize,
};

ck_level ck_highest_level(void) { return ck_level_portable; }

const ck_kernels *ck_select(ck_level level) {
  return level == ck_level_portable ? &portable : 0;
}
