"""Generates Sources/Documents/WidthTable.swift and WidthSamples.swift beside this folder.

Widths are those of the Python package wcwidth 0.7.0 (Unicode 17), with two differences that follow
glibc, whose wcwidth decides what curses does: spacing combining marks take a column of their own,
and a regional indicator takes one, so that a flag of two takes two.
"""
import pathlib
import random
import unicodedata

import wcwidth

REGIONAL = range(0x1F1E6, 0x1F200)
ROOT = pathlib.Path(__file__).resolve().parents[3]


def width(value):
    if 0xD800 <= value <= 0xDFFF:
        return 1
    if value in REGIONAL or unicodedata.category(chr(value)) == "Mc":
        return 1
    return max(0, wcwidth.wcwidth(chr(value)))


def ranges(wanted):
    result = []
    for value in range(0xA0, 0x110000):
        if width(value) == wanted:
            if result and result[-1][1] == value - 1:
                result[-1][1] = value
            else:
                result.append([value, value])
    return result


def literal(name, doc, pairs):
    lines, line = [], "   "
    for first, last in pairs:
        item = f" 0x{first:X}, 0x{last:X},"
        if len(line) + len(item) > 100:
            lines.append(line)
            line = "   "
        line += item
    lines.append(line)
    return f"  /// {doc}\n  static let {name}: [UInt32] = [\n" + "\n".join(lines) + "\n  ]\n"


head = "// Made by Tests/DocumentsTests/Golden/make_widths.py; change that instead.\n\n"
table = (
    head
    + "/// First and last scalar of each range in turn, from U+00A0 on.\nenum WidthTable {\n"
    + literal("zero", "Scalars that take no column.", ranges(0))
    + "\n"
    + literal("wide", "Scalars that take two columns.", ranges(2))
    + "}\n"
)
(ROOT / "Sources/Documents/WidthTable.swift").write_text(table)

random.seed(1)
edges = [v for pairs in (ranges(0), ranges(2)) for r in pairs for v in (r[0] - 1, r[0], r[1], r[1] + 1)]
values = sorted(set(random.sample(edges, 400) + random.sample(range(0x20, 0x20000), 400)))
values = [v for v in values if not 0xD800 <= v <= 0xDFFF and v < 0x110000]
samples = head + "/// Scalar and its columns.\nlet widthSamples: [(UInt32, Int)] = [\n"
line = " "
for v in values:
    item = f" (0x{v:X}, {width(v)}),"
    if len(line) + len(item) > 100:
        samples += line + "\n"
        line = " "
    line += item
samples += line + "\n]\n"
(ROOT / "Tests/DocumentsTests/WidthSamples.swift").write_text(samples)
