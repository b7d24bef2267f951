// For levels whose products of bytes go to sums of 32 bits at once, and whose registers hold totals
// besides them: what byte_tiles.h asks for with small weights. A file defines `add_products`
// before.

CK_PART ints small_products(ints weights, ints inputs) {
  return add_products((ints){0}, weights, inputs);
}

CK_PART ints add_small_products(ints sums, ints weights, ints inputs) {
  return add_products(sums, weights, inputs);
}

CK_PART ints small_sums(ints sums) { return sums; }

#define CK_SET_ASIDE(totals)
