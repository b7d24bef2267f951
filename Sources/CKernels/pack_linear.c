#include <string.h>

#include "half.h"
#include "include/linear.h"

void ck_pack_f32(const float *source, size_t rows, size_t in, float *panel) {
  memset(panel, 0, in * CK_PANEL * sizeof(float));
  for (size_t r = 0; r < rows; r++) {
    for (size_t k = 0; k < in; k++) {
      panel[k * CK_PANEL + r] = source[r * in + k];
    }
  }
}

void ck_pack_bf16(const float *source, size_t rows, size_t in, uint16_t *panel) {
  memset(panel, 0, ck_bf16_panel_bytes(in));
  for (size_t r = 0; r < rows; r++) {
    for (size_t k = 0; k < in; k++) {
      panel[(k / 2 * CK_PANEL + r) * 2 + k % 2] = ck_float_to_normal_bf16(source[r * in + k]);
    }
  }
}
