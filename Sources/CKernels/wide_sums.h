// For levels whose products of bytes go to sums of 32 bits at once, and whose registers hold totals
// besides them: what byte_tiles.h asks for with small weights. A file defines `add_products` and
// includes pairs.h before.

CK_PART ints small_products(ints weights, ints inputs) {
  return add_products((ints){0}, weights, inputs);
}

CK_PART ints add_small_products(ints sums, ints weights, ints inputs) {
  return add_products(sums, weights, inputs);
}

typedef ints small_total;

CK_PART small_total first_half(ints sums, ints scales) { return sums * low_halves(scales); }

CK_PART small_total second_half(small_total total, ints sums, ints scales) {
  return total + sums * high_halves(scales);
}

CK_PART lanes with_minimums(small_total total, ints minimums, ints input_sums) {
  return to_floats(add_pairs(total, minimums, input_sums));
}

#define CK_SET_ASIDE(totals)
