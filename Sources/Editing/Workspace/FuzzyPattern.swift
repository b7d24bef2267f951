/// Letters that a text must have in their order, whatever their case, and a measure of how well it
/// has them.
struct FuzzyPattern {
  /// UTF-8 of the pattern in lower case, without blanks.
  private let letters: [UInt8]

  init(_ pattern: String) { letters = pattern.lowercased().utf8.filter { $0 != UInt8(ascii: " ") } }

  private static let letter = 16
  /// A letter that begins a word, or follows the last one found.
  private static let wordStart = 10
  private static let adjacent = 6
  /// Letters that are not side by side, whatever is between them.
  private static let anyGap = 2
  /// All letters are in the last part of the path.
  private static let inName = 20

  /// nil when the letters do not occur in their order; otherwise higher the better they fit: at the
  /// starts of words, side by side, in the last part of a path. 0 for the empty pattern. O(text).
  func score(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    let nameStart = (bytes.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1
    if let score = score(bytes[nameStart...]) { return score + (letters.isEmpty ? 0 : Self.inName) }
    return nameStart > 0 ? score(bytes[...]) : nil
  }

  private func score(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard let found = match(bytes) else { return nil }
    var score = 0
    for (place, offset) in found.enumerated() {
      score += Self.letter
      if Self.startsWord(offset, bytes) { score += Self.wordStart }
      if place > 0 {
        let gap = offset - found[place - 1] - 1
        score += gap == 0 ? Self.adjacent : -min(gap + Self.anyGap, Self.letter)
      }
    }
    return score
  }

  /// Where the letters are: as near together as the first end allows.
  private func match(_ bytes: ArraySlice<UInt8>) -> [Int]? {
    var next = bytes.startIndex
    for letter in letters {
      guard let place = bytes[next...].firstIndex(where: { Self.lowercased($0) == letter }) else {
        return nil
      }
      next = place + 1
    }
    var found: [Int] = []
    var end = next
    for letter in letters.reversed() {
      guard let place = bytes[..<end].lastIndex(where: { Self.lowercased($0) == letter }) else {
        return nil
      }
      found.append(place)
      end = place
    }
    return found.reversed()
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercased(byte))
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// At the beginning, after anything but a letter or digit, and at a capital after a small letter.
  private static func startsWord(_ offset: Int, _ bytes: ArraySlice<UInt8>) -> Bool {
    guard offset > bytes.startIndex else { return true }
    let (before, byte) = (bytes[offset - 1], bytes[offset])
    return !isLetterOrDigit(before) || lowercased(byte) != byte && lowercased(before) == before
  }
}
