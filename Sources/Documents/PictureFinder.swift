internal import RegularExpressions

extension DocumentFormat {
  /// The pictures in local files that a text refers to, in its order. Offsets count from `base`, that of
  /// the first byte. Of what the text begins or ends in the middle of, nothing is found. O(text).
  ///
  /// Markdown: `![alt](path "title")`, and `<img>`. HTML: `<img src alt>`. Org: `[[file:path]]` with the
  /// ending of a picture. reStructuredText: `image` and `figure` with `:alt:`. LaTeX:
  /// `\includegraphics[alt={}]{path}` outside of comments, where a path may lack its ending.
  public func pictures(in bytes: [UInt8], at base: Int = 0) -> [PictureReference] {
    let patterns: [Pattern] =
      switch self {
      case .markdown: [.markdown, .html]
      case .html: [.html]
      case .org: [.org]
      case .reStructuredText: [.reStructuredText]
      case .latex: [.latex]
      }
    let found = patterns.flatMap { $0.pictures(in: bytes, self) }
      .sorted { $0.range.lowerBound < $1.range.lowerBound }
    return found.map { reference in
      var reference = reference
      func moved(_ range: Range<Int>) -> Range<Int> {
        range.lowerBound + base..<range.upperBound + base
      }
      reference.range = moved(reference.range)
      reference.alt = reference.alt.map(moved)
      return reference
    }
  }
}

/// What references of a kind look like. Quantifiers give nothing back, so that the time is that of
/// the text.
private struct Pattern {
  /// With the target in one of the groups `targets`.
  let reference: RegularExpression?
  let targets: ClosedRange<Int>
  /// Finds the description in a reference, in its last group that took part.
  let alt: RegularExpression?
  /// Finds the target in a reference, where it is not a group of it.
  var target: RegularExpression?
  /// Begins a comment that ends with the line.
  var comment: UInt8?
  var endings: [String] = []

  static let markdown = Pattern(
    reference: try? RegularExpression(
      #"!\[(?:[^\]\\]|\\.)*+\]\(\s*+(?:<([^<>\n]*+)>|((?:[^\s()\\]|\\.|\([^\s()]*+\))*+))"#
        + #"(?:\s++(?:"[^"]*+"|'[^']*+'|\([^()]*+\)))?+\s*+\)"#,
      options: .dotMatchesNewlines), targets: 1...2,
    alt: try? RegularExpression(#"!\[((?:[^\]\\]|\\.)*+)\]"#, options: .dotMatchesNewlines))

  static let html = Pattern(
    reference: try? RegularExpression(
      #"<img\b(?:[^>"']|"[^"]*+"|'[^']*+')*+>"#, options: .caseInsensitive), targets: 1...3,
    alt: try? RegularExpression(
      #"\salt\s*+=\s*+(?|"([^"]*+)"|'([^']*+)'|([^\s>"']++))"#, options: .caseInsensitive),
    target: try? RegularExpression(
      #"\ssrc\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++))"#, options: .caseInsensitive))

  static let org = Pattern(
    reference: try? RegularExpression(#"\[\[([^\[\]\n]++)\](?:\[[^\[\]\n]*+\])?+\]"#),
    targets: 1...1, alt: nil, endings: ["png", "jpg", "jpeg", "webp", "gif", "svg"])

  static let reStructuredText = Pattern(
    reference: try? RegularExpression(
      #"^[ \t]*+\.\.[ \t]++(?:\|[^|\n]++\|[ \t]++)?+(?:image|figure)::[ \t]*+(\S[^\r\n]*+)"#
        + #"(?:\r?\n[ \t]++:[^\r\n]*+)*+"#, options: .multiline), targets: 1...1,
    alt: try? RegularExpression(#"^[ \t]++:alt:[ \t]*+([^\r\n]*+)"#, options: .multiline))

  static let latex = Pattern(
    reference: try? RegularExpression(
      #"\\includegraphics\*?\s*+(?:\[(?:[^\[\]{}]|\{[^{}]*+\})*+\])?+\s*+\{([^{}\n]++)\}"#),
    targets: 1...1, alt: try? RegularExpression(#"[\[,]\s*+alt\s*+=\s*+\{([^{}]*+)\}"#),
    comment: UInt8(ascii: "%"))

  func pictures(in bytes: [UInt8], _ format: DocumentFormat) -> [PictureReference] {
    guard let reference, let matches = try? reference.matches(in: bytes) else { return [] }
    return matches.compactMap { match in
      if isComment(match.range.lowerBound, bytes) { return nil }
      let groups =
        target.map { (try? $0.firstMatch(in: bytes, range: match.range))?.groups ?? [] }
        ?? match.groups
      let place = targets.compactMap { groups.count >= $0 ? groups[$0 - 1] : nil }.first
      guard let place, !place.isEmpty,
        let text = String(validating: bytes[place], as: UTF8.self),
        let path = PictureReference.path(of: Self.trimmed(text, format), in: format),
        endings.isEmpty || endings.contains(where: { path.lowercased().hasSuffix(".\($0)") })
      else { return nil }
      let found = alt.flatMap { try? $0.firstMatch(in: bytes, range: match.range) }
      return PictureReference(
        range: match.range, alt: found?.groups.last { $0 != nil } ?? nil, path: path)
    }
  }

  private static func trimmed(_ text: String, _ format: DocumentFormat) -> String {
    let text = String(text.drop { $0 == " " }.reversed().drop { $0.isWhitespace }.reversed())
    guard format == .markdown else { return text }
    var result = ""
    var isEscaped = false
    for character in text {
      if character == "\\", !isEscaped {
        isEscaped = true
        continue
      }
      if isEscaped, !character.isPunctuation, !character.isSymbol { result.append("\\") }
      isEscaped = false
      result.append(character)
    }
    return result
  }

  private func isComment(_ offset: Int, _ bytes: [UInt8]) -> Bool {
    guard let comment else { return false }
    let start = bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return (start..<offset).contains {
      bytes[$0] == comment && ($0 == start || bytes[$0 - 1] != UInt8(ascii: "\\"))
    }
  }
}
