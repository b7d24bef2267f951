// Products of pairs of 16-bit integers. A file includes this behind lanes.h.

/// Adds to each lane the products of the 16-bit integers in the low and in the high halves.
CK_PART ints add_pairs(ints sums, ints a, ints b) {
#if CK_WIDTH == 16 && defined(CK_HAS_VNNI)
  return (ints)_mm512_dpwssd_epi32((__m512i)sums, (__m512i)a, (__m512i)b);
#elif CK_WIDTH == 8 && defined(__x86_64__)
  return sums + (ints)_mm256_madd_epi16((__m256i)a, (__m256i)b);
#elif CK_WIDTH == 4 && defined(__SSE2__)
  return sums + (ints)_mm_madd_epi16((__m128i)a, (__m128i)b);
#elif CK_WIDTH == 4 && defined(__aarch64__)
  const int16x8_t x = (int16x8_t)a, y = (int16x8_t)b;
  const int32x4_t low = vmull_s16(vget_low_s16(x), vget_low_s16(y));
  return (ints)vaddq_s32((int32x4_t)sums, vpaddq_s32(low, vmull_high_s16(x, y)));
#else
  return sums + low_halves(a) * low_halves(b) + high_halves(a) * high_halves(b);
#endif
}
