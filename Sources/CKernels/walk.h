// The way of a kernel over panels, CK_PANELS at a time, and rows. A file defines CK_JOB, CK_TILE
// (the function that computes 1 to CK_TILE_ROWS <= 8 rows of some panels), CK_PANEL_BYTES (the size
// of a panel of a `job`) and CK_KERNEL (the kernel's name), then includes this one. Row and panel
// counts reach CK_TILE as constants.
//
// Where panels have rows for several tiles, the panels that follow are asked for meanwhile, a share
// with each tile: weights of a model do not fit the caches, and processors by themselves fetch no
// further than to the end of a page. A lone tile has nothing to do while it waits.

#define CK_CASE(n, count)                       \
  case n:                                       \
    if (n <= CK_TILE_ROWS) {                    \
      CK_TILE(job, r, n, panel, count, &ahead); \
    }                                           \
    break
#define CK_CASES(count)                                                           \
  switch (rows) {                                                                 \
    CK_CASE(1, count); CK_CASE(2, count); CK_CASE(3, count); CK_CASE(4, count);   \
    CK_CASE(5, count); CK_CASE(6, count); CK_CASE(7, count); CK_CASE(8, count);   \
  }

CK_TARGET void CK_KERNEL(
    const CK_JOB *job, size_t row, size_t row_end, size_t panel, size_t panel_end) {
  const size_t tiles = (row_end - row + CK_TILE_ROWS - 1) / CK_TILE_ROWS;
  for (; panel < panel_end; panel += CK_PANELS) {
    ck_ahead ahead = ck_look_ahead(
        job->weights, CK_PANEL_BYTES, panel + CK_PANELS, CK_PANELS, panel_end, tiles);
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
#undef CK_PANEL_BYTES
#undef CK_KERNEL
