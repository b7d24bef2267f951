// For levels whose products of bytes go to sums of 32 bits at once, and whose registers hold totals
// besides them: what byte_tiles.h asks for with small weights. A file defines `add_products`
// before.

CK_PART ints small_products(ints weights, ints inputs) {
  return add_products((ints){0}, weights, inputs);
}

CK_PART ints add_small_products(ints sums, ints weights, ints inputs) {
  return add_products(sums, weights, inputs);
}

typedef lanes small_total;

CK_PART small_total first_half(ints sums, ints scales) {
  return to_floats(sums) * to_floats(low_halves(scales));
}

CK_PART small_total second_half(small_total total, ints sums, ints scales) {
  return total + to_floats(sums) * to_floats(high_halves(scales));
}

CK_PART lanes with_minimums(small_total total, ints minimums, ints input_sums) {
  total += to_floats(low_halves(minimums)) * to_floats(low_halves(input_sums));
  return total + to_floats(high_halves(minimums)) * to_floats(high_halves(input_sums));
}

#define CK_SET_ASIDE(totals)
