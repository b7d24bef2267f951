#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include <jerror.h>

#include "CLoading.h"
#include "decoders.h"

#define FUNCTIONS(F)                                                                              \
  F(jpeg_std_error)                                                                               \
  F(jpeg_CreateDecompress)                                                                        \
  F(jpeg_destroy_decompress)                                                                      \
  F(jpeg_mem_src)                                                                                 \
  F(jpeg_read_header)                                                                             \
  F(jpeg_start_decompress)                                                                        \
  F(jpeg_read_scanlines)                                                                          \
  F(jpeg_finish_decompress)

// The name of the library follows the interface that its header was made for.
#if JPEG_LIB_VERSION >= 80
#define VERSION "8"
#define PACKAGE "libjpeg8"
#else
#define VERSION "62"
#define PACKAGE "libjpeg62-turbo"
#endif

CL_DECLARE(libjpeg, FUNCTIONS)
CL_DEFINE(
    libjpeg, FUNCTIONS, CL_MISSING("libjpeg", "decodes JPEG pictures", PACKAGE),
    "libjpeg.so." VERSION)

// A progressive file can ask for its pixels to be refined without end.
static const int most_scans = 500;

// A long jump restores registers but not locals: what is changed after setjmp lies in here.
struct jpeg_state {
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf place;
  struct cp_work *work;
  struct jpeg_decompress_struct jpeg;
  uint8_t *row;  // CMYK
};

static struct jpeg_state *state_of(j_common_ptr jpeg) { return jpeg->client_data; }

static void fail(j_common_ptr jpeg) {
  char reason[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, reason);
  cp_fail(state_of(jpeg)->work, reason);
  longjmp(state_of(jpeg)->place, 1);
}

// Warnings are about files that decode all the same, but for those that end too early.
static void notice(j_common_ptr jpeg, int level) {
  if (level < 0 && jpeg->err->msg_code == JWRN_JPEG_EOF) fail(jpeg);
}

static void count_scans(j_common_ptr jpeg) {
  if (((j_decompress_ptr)jpeg)->input_scan_number <= most_scans) return;
  cp_fail(state_of(jpeg)->work, "too many scans");
  longjmp(state_of(jpeg)->place, 1);
}

// As Pillow: a file of Adobe's has its inks inverted.
static void from_inks(const uint8_t *inks, uint8_t *rgb, uint32_t width, int inverted) {
  for (uint32_t i = 0; i < width; i++, inks += 4, rgb += 3) {
    const uint32_t light = inverted ? inks[3] : 255u - inks[3];
    for (int c = 0; c < 3; c++) {
      const uint32_t ink = inverted ? 255u - inks[c] : inks[c];
      rgb[c] = (uint8_t)(light - cp_divided(ink * light));
    }
  }
}

static void decode(struct jpeg_state *state) {
  struct jpeg_decompress_struct *jpeg = &state->jpeg;
  struct cp_work *work = state->work;
  const int has_inks = jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK;
  jpeg->out_color_space = has_inks ? JCS_CMYK : JCS_RGB;
  libjpeg_table.jpeg_start_decompress(jpeg);
  if (has_inks) {
    state->row = malloc((size_t)work->width * 4);
    if (!state->row) ERREXIT1(jpeg, JERR_OUT_OF_MEMORY, 0);
  }
  while (jpeg->output_scanline < work->height) {
    uint8_t *target = work->rgb + (size_t)jpeg->output_scanline * work->width * 3;
    JSAMPROW row = has_inks ? state->row : target;
    libjpeg_table.jpeg_read_scanlines(jpeg, &row, 1);
    if (has_inks) from_inks(state->row, target, work->width, jpeg->saw_Adobe_marker);
  }
  libjpeg_table.jpeg_finish_decompress(jpeg);
}

static int run(struct jpeg_state *state) {
  struct jpeg_decompress_struct *jpeg = &state->jpeg;
  if (setjmp(state->place)) return 0;
  libjpeg_table.jpeg_CreateDecompress(jpeg, JPEG_LIB_VERSION, sizeof *jpeg);
  jpeg->client_data = state;
  jpeg->progress = &state->progress;
  libjpeg_table.jpeg_mem_src(jpeg, state->work->bytes, state->work->count);
  libjpeg_table.jpeg_read_header(jpeg, TRUE);
  if (!cp_take_size(state->work, jpeg->image_width, jpeg->image_height)) {
    return cp_fail(state->work, "another size");
  }
  if (state->work->rgb) decode(state);
  return 1;
}

int cp_read_jpeg(struct cp_work *work) {
  const char *missing;
  if (!libjpeg(&missing)) return cp_fail(work, missing);
  struct jpeg_state *state = calloc(1, sizeof *state);
  if (!state) return cp_fail(work, "no memory");
  state->work = work;
  state->jpeg.err = libjpeg_table.jpeg_std_error(&state->errors);
  state->jpeg.client_data = state;
  state->errors.error_exit = fail;
  state->errors.emit_message = notice;
  state->progress.progress_monitor = count_scans;
  const int done = run(state);
  libjpeg_table.jpeg_destroy_decompress(&state->jpeg);
  free(state->row);
  free(state);
  return done;
}
