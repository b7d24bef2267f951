#include <png.h>
#include <setjmp.h>
#include <stdlib.h>

#include "CLoading.h"
#include "decoders.h"

#define FUNCTIONS(F)                                                                              \
  F(png_create_read_struct)                                                                       \
  F(png_destroy_read_struct)                                                                      \
  F(png_create_info_struct)                                                                       \
  F(png_set_read_fn)                                                                              \
  F(png_get_io_ptr)                                                                               \
  F(png_get_error_ptr)                                                                            \
  F(png_error)                                                                                    \
  F(png_longjmp)                                                                                  \
  F(png_set_longjmp_fn)                                                                           \
  F(png_read_info)                                                                                \
  F(png_get_image_width)                                                                          \
  F(png_get_image_height)                                                                         \
  F(png_get_color_type)                                                                           \
  F(png_get_valid)                                                                                \
  F(png_get_rowbytes)                                                                             \
  F(png_set_strip_16)                                                                             \
  F(png_set_palette_to_rgb)                                                                       \
  F(png_set_expand_gray_1_2_4_to_8)                                                               \
  F(png_set_tRNS_to_alpha)                                                                        \
  F(png_set_gray_to_rgb)                                                                          \
  F(png_set_add_alpha)                                                                            \
  F(png_set_interlace_handling)                                                                   \
  F(png_read_update_info)                                                                         \
  F(png_read_row)

CL_DECLARE(libpng, FUNCTIONS)
CL_DEFINE(
    libpng, FUNCTIONS, CL_MISSING("libpng", "decodes PNG pictures", "libpng16-16"),
    "libpng16.so.16")

// A long jump restores registers but not locals: what is changed after setjmp lies in here.
struct png_state {
  struct cp_work *work;
  size_t place;
  png_structp png;
  png_infop info;
  uint8_t *row;   // RGBA, of a picture that is blended
  uint8_t *rows;  // RGBA, all of an interlaced one
};

static void fail(png_structp png, png_const_charp reason) {
  struct png_state *state = libpng_table.png_get_error_ptr(png);
  cp_fail(state->work, reason);
  libpng_table.png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp reason) {
  (void)png;
  (void)reason;
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  struct png_state *state = libpng_table.png_get_io_ptr(png);
  if (count > state->work->count - state->place) libpng_table.png_error(png, "the file ends too early");
  memcpy(target, state->work->bytes + state->place, count);
  state->place += count;
}

// Rows of an RGB file go to where they are wanted; all others are RGBA first.
static void decode(struct png_state *state) {
  png_structp png = state->png;
  png_infop info = state->info;
  struct cp_work *work = state->work;
  const int type = libpng_table.png_get_color_type(png, info);
  const int blends = type != PNG_COLOR_TYPE_RGB;
  libpng_table.png_set_strip_16(png);
  if (type == PNG_COLOR_TYPE_PALETTE) libpng_table.png_set_palette_to_rgb(png);
  if (type == PNG_COLOR_TYPE_GRAY) libpng_table.png_set_expand_gray_1_2_4_to_8(png);
  if (blends) {
    if (libpng_table.png_get_valid(png, info, PNG_INFO_tRNS)) libpng_table.png_set_tRNS_to_alpha(png);
    libpng_table.png_set_gray_to_rgb(png);
    libpng_table.png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
  }
  const int passes = libpng_table.png_set_interlace_handling(png);
  libpng_table.png_read_update_info(png, info);
  const size_t stride = (size_t)work->width * (blends ? 4 : 3);
  if (libpng_table.png_get_rowbytes(png, info) != stride) libpng_table.png_error(png, "an unknown kind of pixels");
  if (!blends) {
    for (int pass = 0; pass < passes; pass++) {
      for (uint32_t y = 0; y < work->height; y++) {
        libpng_table.png_read_row(png, work->rgb + y * stride, NULL);
      }
    }
    return;
  }
  if (passes == 1) {
    state->row = malloc(stride);
    if (!state->row) libpng_table.png_error(png, "no memory");
    for (uint32_t y = 0; y < work->height; y++) {
      libpng_table.png_read_row(png, state->row, NULL);
      cp_blend(state->row, work->rgb + (size_t)y * work->width * 3, work->width);
    }
    return;
  }
  state->rows = malloc(stride * work->height);
  if (!state->rows) libpng_table.png_error(png, "no memory");
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < work->height; y++) libpng_table.png_read_row(png, state->rows + y * stride, NULL);
  }
  for (uint32_t y = 0; y < work->height; y++) {
    cp_blend(state->rows + y * stride, work->rgb + (size_t)y * work->width * 3, work->width);
  }
}

static int run(struct png_state *state) {
  if (setjmp(*libpng_table.png_set_longjmp_fn(state->png, longjmp, sizeof(jmp_buf)))) return 0;
  state->info = libpng_table.png_create_info_struct(state->png);
  if (!state->info) libpng_table.png_error(state->png, "no memory");
  libpng_table.png_set_read_fn(state->png, state, read_bytes);
  libpng_table.png_read_info(state->png, state->info);
  const uint32_t width = libpng_table.png_get_image_width(state->png, state->info);
  const uint32_t height = libpng_table.png_get_image_height(state->png, state->info);
  if (!cp_take_size(state->work, width, height)) libpng_table.png_error(state->png, "another size");
  if (state->work->rgb) decode(state);
  return 1;
}

int cp_read_png(struct cp_work *work) {
  const char *missing;
  if (!libpng(&missing)) return cp_fail(work, missing);
  struct png_state *state = calloc(1, sizeof *state);
  if (!state) return cp_fail(work, "no memory");
  state->work = work;
  state->png = libpng_table.png_create_read_struct(PNG_LIBPNG_VER_STRING, state, fail, ignore);
  const int done = state->png ? run(state) : cp_fail(work, "no memory");
  libpng_table.png_destroy_read_struct(&state->png, &state->info, NULL);
  free(state->row);
  free(state->rows);
  free(state);
  return done;
}
