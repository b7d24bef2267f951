#ifndef DECODERS_H
#define DECODERS_H

#include <string.h>

#include "include/pictures.h"

// What each format has: the functions of pictures.h for its files. Without `rgb` only the size is read.

/// A file and what becomes of it.
struct cp_work {
  const uint8_t *bytes;
  size_t count;
  uint32_t width, height;
  uint8_t *rgb;
  char *message;
};

int cp_read_png(struct cp_work *work);
int cp_read_jpeg(struct cp_work *work);
int cp_read_webp(struct cp_work *work);

static inline int cp_fail(struct cp_work *work, const char *reason) {
  strncpy(work->message, reason, CP_MESSAGE - 1);
  work->message[CP_MESSAGE - 1] = 0;
  return 0;
}

/// Whether the size is the one that the caller has room for; notes it where it asks for the size.
static inline int cp_take_size(struct cp_work *work, uint32_t width, uint32_t height) {
  if (work->rgb) return width == work->width && height == work->height;
  work->width = width;
  work->height = height;
  return 1;
}

/// x / 255, rounded, for x up to 255 * 255.
static inline uint8_t cp_divided(uint32_t x) {
  x += 128;
  return (uint8_t)((x + (x >> 8)) >> 8);
}

/// A row of RGBA on white.
static inline void cp_blend(const uint8_t *rgba, uint8_t *rgb, uint32_t width) {
  for (uint32_t i = 0; i < width; i++, rgba += 4, rgb += 3) {
    for (int c = 0; c < 3; c++) {
      rgb[c] = cp_divided(255u * (255u - rgba[3]) + (uint32_t)rgba[c] * rgba[3]);
    }
  }
}

#endif
