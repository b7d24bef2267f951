internal import Strings

/// Finds added tokens in text: leftmost first, and of those that begin at one place the longest.
struct AddedTokenMatcher: Sendable {
  private let tokens: [AddedToken]
  /// A trie: the child of node n by byte b is `children[n << 8 | b]`.
  private var children: [Int: Int32] = [:]
  /// The token that ends at a node, or -1.
  private var ends: [Int32] = [-1]
  private var firstBytes = [Bool](repeating: false, count: 256)

  init(_ tokens: [AddedToken]) {
    self.tokens = tokens
    for (index, token) in tokens.enumerated() {
      guard let first = token.content.utf8.first else { continue }
      var node = 0
      for byte in token.content.utf8 {
        let key = node << 8 | Int(byte)
        if let next = children[key] {
          node = Int(next)
        } else {
          children[key] = Int32(ends.count)
          node = ends.count
          ends.append(-1)
        }
      }
      ends[node] = Int32(index)
      firstBytes[Int(first)] = true
    }
  }

  var isEmpty: Bool { tokens.isEmpty }

  enum Part {
    case text(Range<Int>)
    case token(Int)
  }

  /// Splits `range` of `bytes` into text and the ids of tokens.
  func split(_ bytes: [UInt8], _ range: Range<Int>, parsing: AddedTokenParsing) -> [Part] {
    if isEmpty || parsing == .none { return range.isEmpty ? [] : [.text(range)] }
    var parts: [Part] = []
    var textStart = range.lowerBound
    var position = range.lowerBound
    while position < range.upperBound {
      guard firstBytes[Int(bytes[position])],
        let (index, end) = longest(bytes, position, range.upperBound)
      else {
        position += 1
        continue
      }
      let start = position
      // Found, so nothing else begins inside it, even where it is not taken.
      position = end
      let token = tokens[index]
      if parsing == .ordinary && token.isSpecial { continue }
      if token.singleWord && Self.touchesWord(bytes, start..<end, range) { continue }
      var taken = start..<end
      if token.stripsLeft {
        taken = Self.spaceStart(bytes, start, textStart)..<taken.upperBound
      }
      if token.stripsRight {
        taken = taken.lowerBound..<Self.spaceEnd(bytes, end, range.upperBound)
      }
      if textStart < taken.lowerBound { parts.append(.text(textStart..<taken.lowerBound)) }
      parts.append(.token(token.id))
      textStart = taken.upperBound
      position = textStart
    }
    if textStart < range.upperBound { parts.append(.text(textStart..<range.upperBound)) }
    return parts
  }

  private func longest(_ bytes: [UInt8], _ start: Int, _ end: Int) -> (index: Int, end: Int)? {
    var found: (Int, Int)?
    var node = 0
    var position = start
    while position < end, let next = children[node << 8 | Int(bytes[position])] {
      node = Int(next)
      position += 1
      if ends[node] >= 0 { found = (Int(ends[node]), position) }
    }
    return found
  }

  private static func touchesWord(
    _ bytes: [UInt8], _ token: Range<Int>, _ range: Range<Int>
  ) -> Bool {
    let before = scalar(before: token.lowerBound, in: bytes, from: range.lowerBound)
    let after = scalar(at: token.upperBound, in: bytes, to: range.upperBound)
    return [before, after].contains { $0.map(isWord) ?? false }
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default: return properties.isAlphabetic || properties.isJoinControl
    }
  }

  private static func spaceStart(_ bytes: [UInt8], _ end: Int, _ limit: Int) -> Int {
    var start = end
    while let scalar = scalar(before: start, in: bytes, from: limit),
      scalar.properties.isWhitespace
    {
      start -= UTF8.width(scalar)
    }
    return start
  }

  private static func spaceEnd(_ bytes: [UInt8], _ start: Int, _ limit: Int) -> Int {
    var end = start
    while let scalar = scalar(at: end, in: bytes, to: limit), scalar.properties.isWhitespace {
      end += UTF8.width(scalar)
    }
    return end
  }

  private static func scalar(
    at start: Int, in bytes: [UInt8], to end: Int
  ) -> Unicode.Scalar? {
    guard start < end else { return nil }
    return String(decoding: bytes[start..<min(start + 4, end)], as: UTF8.self).unicodeScalars.first
  }

  private static func scalar(
    before end: Int, in bytes: [UInt8], from limit: Int
  ) -> Unicode.Scalar? {
    guard end > limit else { return nil }
    var start = end - 1
    while start > limit, bytes[start].isUTF8Continuation { start -= 1 }
    return scalar(at: start, in: bytes, to: end)
  }
}
