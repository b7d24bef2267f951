// The way of an AVX-512 kernel for byte activations over rows and pairs of panels. Include it behind
// `tile`, with CK_KERNEL the kernel's name and TILE and TARGET its attributes.

TILE void tiles(const ck_linear_q8 *job, size_t row, size_t row_end, size_t panel, int panels) {
  size_t rows = 0;
  for (size_t r = row; r < row_end; r += rows) {
    rows = ck_tile_rows(row_end - r, tile_rows);
    switch (rows) {
      case 6: tile(job, r, 6, panel, panels); break;
      case 5: tile(job, r, 5, panel, panels); break;
      case 4: tile(job, r, 4, panel, panels); break;
      case 3: tile(job, r, 3, panel, panels); break;
      case 2: tile(job, r, 2, panel, panels); break;
      default: tile(job, r, 1, panel, panels); break;
    }
  }
}

TARGET void CK_KERNEL(
    const ck_linear_q8 *job, size_t row, size_t row_end, size_t panel, size_t panel_end) {
  for (; panel + 2 <= panel_end; panel += 2) {
    tiles(job, row, row_end, panel, 2);
  }
  if (panel < panel_end) {
    tiles(job, row, row_end, panel, 1);
  }
}
