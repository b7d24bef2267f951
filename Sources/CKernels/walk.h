// The way of a kernel over panels, CK_PANELS at a time, and rows. A file defines CK_JOB, CK_TILE (the
// function that computes 1 to CK_TILE_ROWS <= 8 rows of some panels) and CK_KERNEL (the kernel's
// name), then includes this one. Row and panel counts reach CK_TILE as constants.

#define CK_CASE(n, count)                 \
  case n:                                 \
    if (n <= CK_TILE_ROWS) {                 \
      CK_TILE(job, r, n, panel, count);   \
    }                                     \
    break
#define CK_CASES(count)                                                           \
  switch (rows) {                                                                 \
    CK_CASE(1, count); CK_CASE(2, count); CK_CASE(3, count); CK_CASE(4, count);   \
    CK_CASE(5, count); CK_CASE(6, count); CK_CASE(7, count); CK_CASE(8, count);   \
  }

CK_TARGET void CK_KERNEL(
    const CK_JOB *job, size_t row, size_t row_end, size_t panel, size_t panel_end) {
  for (; panel < panel_end; panel += CK_PANELS) {
    size_t rows = 0;
    for (size_t r = row; r < row_end; r += rows) {
      rows = ck_tile_rows(row_end - r, CK_TILE_ROWS);
      if (panel + CK_PANELS <= panel_end) {
        CK_CASES(CK_PANELS)
      } else {
        CK_CASES(1)
      }
    }
  }
}

#undef CK_CASE
#undef CK_CASES
#undef CK_JOB
#undef CK_TILE
#undef CK_TILE_ROWS
#undef CK_KERNEL
