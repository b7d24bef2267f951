#include <math.h>
#include <string.h>

#include "fused.h"
#include "include/linear.h"

void ck_pack_q8(
    const float *source, size_t rows, size_t in, ck_q8_range range, uint8_t *panel) {
  for (size_t first = 0; first < in; first += CK_GROUP, panel += CK_Q8_GROUP_BYTES) {
    const size_t count = in - first < CK_GROUP ? in - first : CK_GROUP;
    float scales[CK_PANEL] = {0};
    memset(panel, range.zero, CK_GROUP * CK_PANEL);
    for (size_t n = 0; n < rows; n++) {
      const float *w = source + n * in + first;
      float maximum = 0;
      for (size_t k = 0; k < count; k++) {
        maximum = fabsf(w[k]) > maximum ? fabsf(w[k]) : maximum;
      }
      const float inverse = maximum > 0 ? (float)range.weight / maximum : 0;
      for (size_t k = 0; k < count; k++) {
        panel[k / 4 * 4 * CK_PANEL + n * 4 + k % 4] =
            (uint8_t)((int)rintf(w[k] * inverse) + range.zero);
      }
      scales[n] = maximum / (float)range.weight;
    }
    memcpy(panel + CK_GROUP * CK_PANEL, scales, sizeof scales);
  }
}
