#include <stdlib.h>
#include <webp/decode.h>

#include "CLoading.h"
#include "decoders.h"

#define FUNCTIONS(F)                                                                              \
  F(WebPGetFeaturesInternal)                                                                      \
  F(WebPInitDecoderConfigInternal)                                                                \
  F(WebPDecode)                                                                                   \
  F(WebPFreeDecBuffer)

CL_DECLARE(libwebp, FUNCTIONS)
CL_DEFINE(
    libwebp, FUNCTIONS, CL_MISSING("libwebp", "decodes WebP pictures", "libwebp7"), "libwebp.so.7")

static const char *reason(VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_OUT_OF_MEMORY: return "no memory";
    case VP8_STATUS_NOT_ENOUGH_DATA: return "the file ends too early";
    case VP8_STATUS_UNSUPPORTED_FEATURE: return "a kind of WebP that is not supported";
    default: return "damaged WebP data";
  }
}

static int decode(struct cp_work *work, int has_alpha) {
  const size_t stride = (size_t)work->width * (has_alpha ? 4 : 3), size = stride * work->height;
  uint8_t *rgba = has_alpha ? malloc(size) : NULL;
  if (has_alpha && !rgba) return cp_fail(work, "no memory");
  WebPDecoderConfig config;
  if (!libwebp_table.WebPInitDecoderConfigInternal(&config, WEBP_DECODER_ABI_VERSION)) {
    free(rgba);
    return cp_fail(work, "another version of libwebp than this program was built with");
  }
  config.output.colorspace = has_alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = has_alpha ? rgba : work->rgb;
  config.output.u.RGBA.stride = (int)stride;
  config.output.u.RGBA.size = size;
  const VP8StatusCode status = libwebp_table.WebPDecode(work->bytes, work->count, &config);
  for (uint32_t y = 0; has_alpha && status == VP8_STATUS_OK && y < work->height; y++) {
    cp_blend(rgba + y * stride, work->rgb + (size_t)y * work->width * 3, work->width);
  }
  libwebp_table.WebPFreeDecBuffer(&config.output);
  free(rgba);
  return status == VP8_STATUS_OK ? 1 : cp_fail(work, reason(status));
}

int cp_read_webp(struct cp_work *work) {
  const char *missing;
  if (!libwebp(&missing)) return cp_fail(work, missing);
  WebPBitstreamFeatures features;
  const VP8StatusCode status = libwebp_table.WebPGetFeaturesInternal(
      work->bytes, work->count, &features, WEBP_DECODER_ABI_VERSION);
  if (status != VP8_STATUS_OK) return cp_fail(work, reason(status));
  if (features.has_animation) return cp_fail(work, "an animated WebP; only still ones are read");
  if (features.width <= 0 || features.height <= 0) return cp_fail(work, "a picture without pixels");
  if (!cp_take_size(work, (uint32_t)features.width, (uint32_t)features.height)) {
    return cp_fail(work, "another size");
  }
  return work->rgb ? decode(work, features.has_alpha) : 1;
}
