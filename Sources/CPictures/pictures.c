#include "decoders.h"

cp_picture_format cp_format(const uint8_t *bytes, size_t count) {
  if (count >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0) return cp_png;
  if (count >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0) return cp_jpeg;
  if (count >= 12 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0) {
    return cp_webp;
  }
  return cp_no_picture;
}

static int read_picture(struct cp_work *work) {
  work->message[0] = 0;
  switch (cp_format(work->bytes, work->count)) {
    case cp_png: return cp_read_png(work);
    case cp_jpeg: return cp_read_jpeg(work);
    case cp_webp: return cp_read_webp(work);
    case cp_no_picture: break;
  }
  return cp_fail(work, "neither PNG, JPEG nor WebP");
}

int cp_picture_size(
    const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, char message[CP_MESSAGE]) {
  struct cp_work work = {.bytes = bytes, .count = count, .message = message};
  if (!read_picture(&work)) return 0;
  *width = work.width;
  *height = work.height;
  return 1;
}

int cp_picture_decode(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *rgb,
    char message[CP_MESSAGE]) {
  struct cp_work work = {
      .bytes = bytes, .count = count, .width = width, .height = height, .rgb = rgb,
      .message = message};
  return read_picture(&work);
}
