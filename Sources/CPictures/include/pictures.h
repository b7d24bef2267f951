#ifndef CPICTURES_H
#define CPICTURES_H

#include <stddef.h>
#include <stdint.h>

// PNG, JPEG and WebP by libpng, libjpeg and libwebp, each loaded by the first picture of its format.
// Their errors end here: no long jump leaves these functions, and nothing they have allocated stays.

typedef enum { cp_no_picture, cp_png, cp_jpeg, cp_webp } cp_picture_format;

/// Bytes of a message, its end included.
#define CP_MESSAGE 256

/// The format that the first bytes of a file name.
cp_picture_format cp_format(const uint8_t *bytes, size_t count);

/// Reads the header. 1, or 0 with the reason in `message`, whose bytes may be any but 0.
int cp_picture_size(
    const uint8_t *bytes, size_t count, uint32_t *width, uint32_t *height, char message[CP_MESSAGE]);

/// Decodes into `rgb`, `[height][width][3]` of 8 bits: what is not RGB in the file as Pillow converts
/// it to RGBA and blends that with white; samples of 16 bits are cut to 8, colour profiles, gamma and
/// orientation ignored. `width` and `height` are those of `cp_picture_size`. 1, or 0 with the reason.
int cp_picture_decode(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, uint8_t *rgb,
    char message[CP_MESSAGE]);

#endif
