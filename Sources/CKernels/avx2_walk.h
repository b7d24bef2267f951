// The way of an AVX2 kernel for byte activations over panels and rows. Include it behind `tile`, with
// CK_KERNEL the kernel's name and TARGET its attributes.

TARGET void CK_KERNEL(
    const ck_linear_q8 *job, size_t row, size_t row_end, size_t panel, size_t panel_end) {
  for (; panel < panel_end; panel++) {
    size_t rows = 0;
    for (size_t r = row; r < row_end; r += rows) {
      rows = ck_tile_rows(row_end - r, tile_rows);
      switch (rows) {
        case 4: tile(job, r, 4, panel); break;
        case 3: tile(job, r, 3, panel); break;
        case 2: tile(job, r, 2, panel); break;
        default: tile(job, r, 1, panel); break;
      }
    }
  }
}
