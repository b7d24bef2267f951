import TestSupport
import Testing

@testable import Documents

/// Clusters as one walk over bytes against Swift's own characters and properties.
@Suite struct ClusterTests {
  @Test func anyBytesAreCutAndShownAsTheirCharactersAre() {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    for round in 0..<Property.operations / 10 {
      let bytes = (0..<Int.random(in: 0...20, using: &random)).flatMap { _ in piece(&random) }
      let clusters = Clusters(bytes, at: 7).map(\.self)
      let expected = characters(of: bytes)
      let place = "seed \(seed), round \(round): \(bytes)"
      #expect(clusters.map(\.range.count) == expected.map { max(1, $0.utf8.count) }, "\(place)")
      #expect(clusters.map(\.range.lowerBound).first ?? 7 == 7, "\(place)")
      for (cluster, character) in zip(clusters, expected) {
        let expected = shown(character)
        #expect(cluster.display.text == expected.text, "\(place)")
        #expect(cluster.display.width == expected.width, "\(place)")
        #expect(cluster.kind == kind(character), "\(place)")
      }
      let text = Text(bytes, chunkLimit: 5)
      for offset in bytes.indices {
        let owner = clusters.first { $0.range.contains(offset + 7) }?.range.lowerBound
        #expect(text.graphemeBoundary(atOrBefore: offset) + 7 == owner, "\(place)")
      }
    }
  }

  /// Swift's characters between the bytes that are not UTF-8, which are empty strings here.
  private func characters(of bytes: [UInt8]) -> [String] {
    var result: [String] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      var valid = rest.count
      while valid > 0, String(validating: rest.prefix(valid), as: UTF8.self) == nil { valid -= 1 }
      result += String(decoding: rest.prefix(valid), as: UTF8.self).map(String.init)
      rest = rest.dropFirst(valid)
      if !rest.isEmpty {
        result.append("")
        rest = rest.dropFirst()
      }
    }
    return result
  }

  private func kind(_ character: String) -> Cluster.Kind {
    switch character {
    case "\t": .tab
    case "\n", "\r\n": .newline
    case "": .control
    default: symbol(character) == nil ? .text : .control
    }
  }

  private func symbol(_ character: String) -> String? {
    guard let first = character.unicodeScalars.first else { return "\u{FFFD}" }
    switch first.properties.generalCategory {
    case .control where first.value < 0x20:
      return Unicode.Scalar(0x2400 + first.value).map(String.init)
    case .control: return first.value == 0x7F ? "\u{2421}" : "\u{2426}"
    case .format, .lineSeparator, .paragraphSeparator:
      return first.value == 0xAD || CellWidth.columns(first) == 0 ? "\u{2426}" : nil
    case .unassigned:
      return first.value & 0xFFFE == 0xFFFE || 0xFDD0...0xFDEF ~= first.value ? "\u{2426}" : nil
    default: return nil
    }
  }

  private func shown(_ character: String) -> (text: String, width: Int) {
    if let symbol = symbol(character) { return (symbol, 1) }
    let scalars = Array(character.unicodeScalars)
    if CellWidth.columns(scalars[0]) == 0 { return ("\u{25CC}" + String(scalars[0]), 1) }
    var shown = scalars.prefix(1)
    // Scalars of the glyph that marks are put on.
    var count = 1
    for (before, scalar) in zip(scalars, scalars.dropFirst()) {
      let value = scalar.value
      let isSelector = 0xFE00...0xFE0F ~= value || 0xE0100...0xE01EF ~= value
      let isMark =
        [.nonspacingMark, .enclosingMark, .spacingMark].contains(
          scalar.properties.generalCategory) || 0x1160...0x11FF ~= value
      let isPicture =
        before == "\u{200D}" && scalar.properties.isEmoji || 0x1F3FB...0x1F3FF ~= value
      if CellWidth.columns(scalar) > 0 {
        guard !isPicture else { continue }
        count = 0
      } else if isSelector || !isMark || count == 5 {
        continue
      }
      count += 1
      shown.append(scalar)
    }
    return (
      String(String.UnicodeScalarView(shown)), shown.reduce(0) { $0 + CellWidth.columns($1) }
    )
  }

  /// A scalar of the kinds that meet in clusters, or bytes that are none.
  private func piece(_ random: inout RandomSource) -> [UInt8] {
    let kinds: [ClosedRange<UInt32>] = [
      0x20...0x7E, 0x20...0x7E, 0x00...0x1F, 0x0A...0x0D, 0x7F...0x2AF, 0x300...0x36F,
      0x370...0x52F, 0x590...0x6FF, 0x900...0x97F, 0xE00...0xE4F, 0x1100...0x11FF,
      0x200B...0x200F, 0x2010...0x203C, 0x2190...0x27BF, 0x3000...0x30FF, 0x4E00...0x4E20,
      0xAC00...0xAC40, 0xFE0E...0xFE0F, 0xFF00...0xFFFF, 0x1F1E6...0x1F1FF, 0x1F3FB...0x1F3FF,
      0x1F440...0x1F480, 0x110BD...0x110BD, 0xE0100...0xE0110, 0...0x10FFFF,
    ]
    let number = Int.random(in: 0...kinds.count, using: &random)
    guard number < kinds.count else {
      let stray: [[UInt8]] = [
        [0xFF], [0xC3], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0x80],
        [0xF0, 0x9F, 0x91], [0xF4, 0x90, 0x80, 0x80],
      ]
      return stray.randomElement(using: &random) ?? []
    }
    let scalar = Unicode.Scalar(UInt32.random(in: kinds[number], using: &random)) ?? "x"
    return Array(String(scalar).utf8)
  }

  @Test func aGlyphIsItsScalars() {
    for text in ["a", "e\u{301}", "", "\u{10FFFF}\u{301}\u{10FFFF}\u{302}\u{10FFFF}"] {
      #expect(Glyph(text).text == text)
    }
    #expect(Glyph("abcdefg").text == "abcde")
    #expect(Glyph("ab") != Glyph("ba"))
    #expect(Glyph(" ").isBlank && !Glyph(" \u{301}").isBlank && !Glyph("").isBlank)
  }

  @Test func aLongLineWithoutBlanksIsCutInTime() {
    let text = Text(String(repeating: "鳥のこえ", count: 100_000))
    for offset in stride(from: 0, to: text.count, by: 4096) {
      #expect(text.graphemeBoundary(atOrBefore: offset) == offset / 3 * 3)
    }
  }
}
