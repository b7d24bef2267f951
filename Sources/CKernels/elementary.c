#include "include/elementary.h"

#include "vector_math.h"

double ck_elementary_exp(double x) { return ck_exp_wide(x > 700 ? 700 : x); }

double ck_elementary_log(double x) { return ck_log_wide(x); }

void ck_elementary_sine_cosine(double x, double *sine, double *cosine) {
  // Reduced by pi/2 in three parts; its products with n are exact.
  const double shifted = x * 0.63661977236758138 + 6755399441055744.0;
  const double n = shifted - 6755399441055744.0;
  const double r =
      ((x - n * 1.57079632673412561417) - n * 6.07710050630396597660e-11)
      - n * 2.02226624879595063154e-21;
  const double z = r * r;
  // Taylor series, each coefficient divided by the one before.
  double s = 1, c = 1;
  for (int k = 21; k > 1; k -= 2) {
    s = 1 - s * z / (k * (k - 1));
    c = 1 - c * z / ((k - 1) * (k - 2));
  }
  s *= r;
  int64_t quadrant;
  memcpy(&quadrant, &shifted, sizeof quadrant);
  const double sines[] = {s, c, -s, -c};
  *sine = sines[quadrant & 3];
  *cosine = sines[(quadrant + 1) & 3];
}
