import Foundation
import Pictures
import Testing

/// Pictures of every kind against what Pillow makes of them (`cases.py`).
@Suite struct DecodingTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".rgb") }.map { String($0.dropLast(4)) }.sorted()
  }()

  static func bytes(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: folder.appending(path: name)))
  }

  @Test func everyFormatIsThere() {
    for ending in ["png", "jpg", "webp"] {
      #expect(Self.names.count { $0.hasSuffix(ending) } >= 3, "\(ending)")
    }
  }

  /// PNG and lossless WebP to the bit; two builds of the other decoders may differ by a little.
  @Test(arguments: names) func aPictureIsWhatPillowReads(name: String) throws {
    let picture = try Picture(decoding: Self.bytes(name), file: name)
    #expect(picture.size == PictureSize(width: 19, height: 11))
    let expected = try Self.bytes("\(name).rgb")
    let isExact = name.hasSuffix(".png") || name.hasPrefix("lossless")
    let difference = zip(picture.rgb, expected).map { abs(Int($0) - Int($1)) }.max() ?? 0
    #expect(picture.rgb.count == expected.count && difference <= (isExact ? 0 : 3), "\(difference)")
  }

  @Test(arguments: names) func aPictureThatEndsTooEarlyIsRefused(name: String) throws {
    let whole = try Self.bytes(name)
    // Behind the pixels some formats have an end that decoders do without.
    for count in stride(from: 0, through: whole.count * 3 / 4, by: 7) {
      let error = #expect(throws: PictureError.self, "\(count) bytes") {
        try Picture(decoding: Array(whole[..<count]), file: name)
      }
      #expect(error?.file == name && error?.reason.isEmpty == false)
    }
  }

  @Test func animationsAndOtherFilesAreRefusedByName() throws {
    let animated = try Self.bytes("animated.webp")
    let error = #expect(throws: PictureError.self) {
      try Picture(decoding: animated, file: "a.webp")
    }
    #expect(error?.description == "a.webp: an animated WebP; only still ones are read")
    let other = #expect(throws: PictureError.self) {
      try Picture(decoding: Array("GIF89a".utf8), file: "a\u{1B}.gif")
    }
    #expect(other?.description == "a\\u{1b}.gif: neither PNG, JPEG nor WebP")
  }

  /// Sizes that no memory holds, in files of a few hundred bytes, are refused before anything is
  /// decoded.
  @Test func hostileSizesAreRefusedByTheHeader() throws {
    var png = try Self.bytes("rgb.png")
    png.replaceSubrange(16..<24, with: [0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30])
    // CRC of the header, which libpng checks.
    let crc = Self.crc(Array(png[12..<29]))
    png.replaceSubrange(
      29..<33, with: (0..<4).map { UInt8(truncatingIfNeeded: crc >> (24 - 8 * $0)) })
    var jpeg = try Self.bytes("baseline.jpg")
    let frame = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
    var webp = try Self.bytes("lossy.webp")
    webp.replaceSubrange(26..<30, with: [0xFF, 0x3F, 0xFF, 0x3F])
    for (name, bytes) in [("a.png", png), ("a.jpg", jpeg), ("a.webp", webp)] {
      let error = #expect(throws: PictureError.self) {
        try Picture(decoding: bytes, file: name)
      }
      #expect(
        error?.description.contains("at most 50 megapixels") == true,
        "\(error?.description ?? "none")")
    }
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~crc
  }
}
