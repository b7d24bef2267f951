"""Writes the pictures of Cases, and what Pillow makes of each: NAME.rgb, red, green and blue of every
pixel, blended with white where the picture is not RGB.

The same files every time, with one version of Pillow (13.0.0). Pillow is not needed by the tests.
"""

import os
import struct
import zlib

from PIL import Image

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Cases")
WIDTH, HEIGHT = 19, 11


def rgba():
    image = Image.new("RGBA", (WIDTH, HEIGHT))
    image.putdata([
        (x * 13 % 256, y * 23 % 256, (x * y * 7) % 256, (x * 29 + y * 17) % 256)
        for y in range(HEIGHT) for x in range(WIDTH)])
    return image


def on_white(image):
    if image.mode == "RGB":
        return image
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "WHITE")
    white.paste(image, (0, 0), image)
    return white.convert("RGB")


def chunk(kind, data):
    crc = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def png(image, depth, interlaced):
    """A PNG of kinds that Pillow does not write: samples of 16 bits, rows in seven passes."""
    passes = [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2)] if interlaced else [(0, 0, 1, 1)]
    rows = b""
    for x0, y0, dx, dy in passes:
        for y in range(y0, image.height, dy):
            pixels = [image.getpixel((x, y)) for x in range(x0, image.width, dx)]
            if not pixels:
                continue
            samples = [sample for pixel in pixels for sample in pixel]
            rows += b"\0" + b"".join(
                bytes([v]) if depth == 8 else bytes([v, 255 - v]) for v in samples)
    kind = {"RGB": 2, "RGBA": 6}[image.mode]
    header = struct.pack(">IIBBBBB", image.width, image.height, depth, kind, 0, 0, interlaced)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b""))


def write(name, image, **options):
    path = os.path.join(ROOT, name)
    if isinstance(image, bytes):
        with open(path, "wb") as file:
            file.write(image)
    else:
        image.save(path, **options)
    with Image.open(path) as read, open(path + ".rgb", "wb") as file:
        file.write(on_white(read).tobytes())


def main():
    os.makedirs(ROOT, exist_ok=True)
    alpha = rgba()
    color = alpha.convert("RGB")
    gray = color.convert("L")
    palette = color.quantize(7)
    write("rgb.png", color)
    write("rgb-key.png", color, transparency=(13, 0, 0))
    write("rgba.png", alpha)
    write("gray.png", gray)
    write("gray-key.png", gray, transparency=gray.getpixel((3, 3)))
    write("gray-alpha.png", alpha.convert("LA"))
    write("bits.png", gray.convert("1"))
    write("palette.png", palette)
    write("palette-alpha.png", palette, transparency=bytes([0, 60, 120, 180, 240, 255, 30]))
    write("deep.png", png(color, 16, 0))
    write("interlaced.png", png(alpha, 8, 1))
    write("interlaced-rgb.png", png(color, 8, 1))
    write("baseline.jpg", color, quality=90)
    write("progressive.jpg", color, quality=90, progressive=True)
    write("gray.jpg", gray, quality=90)
    write("inks.jpg", color.convert("CMYK"), quality=90)
    write("turned.jpg", color, quality=90, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")
    write("lossless.webp", alpha, lossless=True)
    write("lossy.webp", color, quality=90)
    write("lossy-alpha.webp", alpha, quality=90)
    alpha.save(
        os.path.join(ROOT, "animated.webp"), save_all=True, append_images=[color], lossless=True)


main()
