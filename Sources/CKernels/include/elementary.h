#ifndef CK_ELEMENTARY_H
#define CK_ELEMENTARY_H

// Functions that the C library has, too, but with a last bit that differs between libraries and
// CPUs. These are the same on every machine.

/// exp(x): relative error below 1e-15 for x in [-700, 700], 0 below, exp(700) above.
double ck_elementary_exp(double x);

/// ln(x) for positive normal x: error below 1e-15 of the result or of 1.
double ck_elementary_log(double x);

/// Sine and cosine for |x| < 1e6: absolute error below 3e-16.
void ck_elementary_sine_cosine(double x, double *sine, double *cosine);

#endif
