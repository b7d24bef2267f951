/// Reads the pattern of a `Glob`. There are no faults: what is not complete stands for itself.
struct GlobParser {
  private let pattern: [Unicode.Scalar]
  private let syntax: Glob.Syntax
  private let hasBraces: Bool
  private var index = 0

  init(_ pattern: String, _ syntax: Glob.Syntax) {
    self.pattern = Array(pattern.unicodeScalars)
    self.syntax = syntax
    hasBraces = syntax == .editorConfig && Self.balancesBraces(self.pattern)
  }

  /// Where a brace is missing, all of them stand for themselves.
  private static func balancesBraces(_ pattern: [Unicode.Scalar]) -> Bool {
    var depth = 0
    var isEscaped = false
    for scalar in pattern {
      defer { isEscaped = scalar == "\\" && !isEscaped }
      guard !isEscaped else { continue }
      if scalar == "{" { depth += 1 }
      if scalar == "}" { depth -= 1 }
      if depth < 0 { return false }
    }
    return depth == 0
  }

  mutating func parse() -> [Glob.Element] { sequence(endingAt: []) }

  private mutating func sequence(endingAt ends: Set<Unicode.Scalar>) -> [Glob.Element] {
    var elements: [Glob.Element] = []
    while index < pattern.count, !ends.contains(pattern[index]) {
      elements += next()
    }
    return elements
  }

  private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
    pattern.indices.contains(index + offset) ? pattern[index + offset] : nil
  }

  private func has(_ text: String) -> Bool {
    pattern[index...].starts(with: text.unicodeScalars)
  }

  private mutating func next() -> [Glob.Element] {
    let scalar = pattern[index]
    switch scalar {
    case "\\" where index + 1 < pattern.count:
      index += 2
      return [.scalar(pattern[index - 1])]
    case "?":
      index += 1
      return [.one]
    case "*": return stars()
    case "/" where syntax != .plain && has("/**/"):
      index += 4
      return [.foldersBetween]
    case "[":
      if let set = set() { return [set] }
    case "{" where hasBraces: return braces()
    default: break
    }
    index += 1
    return [.scalar(scalar)]
  }

  private mutating func stars() -> [Glob.Element] {
    if syntax != .plain, index == 0, has("**/") {
      index += 3
      return [.folders]
    }
    let isAlone = index == 0 || pattern[index - 1] == "/"
    var count = 0
    while peek() == "*" {
      index += 1
      count += 1
    }
    guard count > 1 else { return [.some] }
    switch syntax {
    case .plain: return [.some]
    case .ignoreFile: return [isAlone && index == pattern.count ? .any : .some]
    case .editorConfig: return [.any]
    }
  }

  // MARK: Sets

  /// Leaves `index` where it is if there is no set.
  private mutating func set() -> Glob.Element? {
    var place = index + 1
    var isNegated = false
    if place < pattern.count,
      pattern[place] == "!" || pattern[place] == "^" && syntax != .editorConfig
    {
      isNegated = true
      place += 1
    }
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    let start = place
    while place < pattern.count, pattern[place] != "]" || place == start {
      if pattern[place] == "/", syntax == .editorConfig { return nil }
      if let (named, end) = namedClass(at: place) {
        ranges += named
        place = end
        continue
      }
      guard let first = member(&place) else { return nil }
      if place + 1 < pattern.count, pattern[place] == "-", pattern[place + 1] != "]" {
        place += 1
        guard let last = member(&place) else { return nil }
        if first <= last { ranges.append(first...last) }
      } else {
        ranges.append(first...first)
      }
    }
    guard place < pattern.count else { return nil }
    index = place + 1
    return .set(ranges, isNegated: isNegated)
  }

  private func member(_ place: inout Int) -> Unicode.Scalar? {
    if pattern[place] == "\\" { place += 1 }
    guard place < pattern.count else { return nil }
    defer { place += 1 }
    return pattern[place]
  }

  /// `[:alpha:]` and its like, of ASCII.
  private func namedClass(at place: Int) -> ([ClosedRange<Unicode.Scalar>], end: Int)? {
    guard pattern[place...].starts(with: "[:".unicodeScalars),
      let colon = pattern[(place + 2)...].firstIndex(of: ":"), colon + 1 < pattern.count,
      pattern[colon + 1] == "]"
    else { return nil }
    var name = String.UnicodeScalarView()
    name.append(contentsOf: pattern[(place + 2)..<colon])
    guard let ranges = Self.classes[String(name)] else { return nil }
    return (ranges, colon + 2)
  }

  private static let classes: [String: [ClosedRange<Unicode.Scalar>]] = [
    "alpha": ["A"..."Z", "a"..."z"], "digit": ["0"..."9"],
    "alnum": ["A"..."Z", "a"..."z", "0"..."9"], "upper": ["A"..."Z"], "lower": ["a"..."z"],
    "space": [" "..." ", "\t"..."\r"], "blank": [" "..." ", "\t"..."\t"],
    "punct": ["!"..."/", ":"..."@", "["..."`", "{"..."~"], "print": [" "..."~"],
    "graph": ["!"..."~"], "xdigit": ["0"..."9", "A"..."F", "a"..."f"],
    "cntrl": ["\0"..."\u{1F}", "\u{7F}"..."\u{7F}"],
  ]

  // MARK: Braces

  private mutating func braces() -> [Glob.Element] {
    if let range = numbers() { return [.number(range)] }
    index += 1
    var all: [[Glob.Element]] = []
    while true {
      all.append(sequence(endingAt: [",", "}"]))
      // The braces are balanced.
      index += 1
      if pattern[index - 1] == "}" { break }
    }
    // One text alone is no choice: the braces stand for themselves.
    return all.count > 1 ? [.either(all)] : [.scalar("{")] + all[0] + [.scalar("}")]
  }

  /// `{1..9}`; leaves `index` where it is if there is none.
  private mutating func numbers() -> ClosedRange<Int>? {
    guard let end = pattern[index...].firstIndex(of: "}") else { return nil }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: pattern[(index + 1)..<end])
    let parts = String(text).split(separator: "..", maxSplits: 1, omittingEmptySubsequences: false)
    let bounds = parts.compactMap { part in
      part.utf8.count <= Glob.mostDigits ? Int(part) : nil
    }
    guard parts.count == 2, bounds.count == 2 else { return nil }
    index = end + 1
    return min(bounds[0], bounds[1])...max(bounds[0], bounds[1])
  }
}
