internal import Checkpoints
internal import JSON
internal import RegularExpressions
internal import Strings

/// Reads the field `pre_tokenizer` of a `tokenizer.json`.
struct PreTokenizerReader {
  let file: String

  func read(_ value: JSONValue?) throws(FileError) -> [PreTokenizer.Step] {
    var steps: [PreTokenizer.Step] = []
    var isByteLevel = false
    try read(value, depth: 0, &steps, &isByteLevel)
    guard isByteLevel else {
      throw failure("pre_tokenizer", "a step of type ByteLevel", value?["type"] ?? value)
    }
    return steps
  }

  private func read(
    _ value: JSONValue?, depth: Int, _ steps: inout [PreTokenizer.Step], _ isByteLevel: inout Bool
  ) throws(FileError) {
    guard let value, let type = value["type"]?.string else {
      throw failure("pre_tokenizer.type", "a type", value)
    }
    switch type {
    case "Sequence":
      guard depth < 4, let list = value["pretokenizers"]?.array, list.count <= 64 else {
        throw failure(
          "pre_tokenizer.pretokenizers", "a list of at most 64, nested at most 4 deep",
          value["pretokenizers"])
      }
      for entry in list { try read(entry, depth: depth + 1, &steps, &isByteLevel) }
    case "ByteLevel":
      isByteLevel = true
      if value["add_prefix_space"]?.bool ?? true { steps.append(.prefixSpace) }
      if value["use_regex"]?.bool ?? true {
        steps.append(try split(PreTokenizer.byteLevelPattern))
      }
    case "Digits":
      let individual = value["individual_digits"]?.bool ?? false
      steps.append(try split(#"\p{N}"#, individual ? .isolated : .contiguous))
    case "Split": steps.append(try readSplit(value))
    default:
      throw failure(
        "pre_tokenizer.type", "Sequence, ByteLevel, Digits or Split", .string(type))
    }
  }

  private func readSplit(_ value: JSONValue) throws(FileError) -> PreTokenizer.Step {
    guard let name = value["behavior"]?.string,
      let behavior = PreTokenizer.Behavior(rawValue: name)
    else { throw failure("pre_tokenizer.behavior", "a behavior", value["behavior"]) }
    let inverted = value["invert"]?.bool ?? false
    if let pattern = value["pattern"]?["Regex"]?.string {
      return try split(pattern, behavior, inverted: inverted)
    }
    guard let text = value["pattern"]?["String"]?.string, !text.isEmpty else {
      throw failure("pre_tokenizer.pattern", "a Regex or a String", value["pattern"])
    }
    return try split(RegularExpression.escaped(text), behavior, inverted: inverted)
  }

  func split(
    _ pattern: String, _ behavior: PreTokenizer.Behavior = .isolated, inverted: Bool = false
  ) throws(FileError) -> PreTokenizer.Step {
    guard pattern.utf8.count <= 1 << 14 else {
      throw failure("pre_tokenizer pattern", "at most \(1 << 14) bytes", .string(pattern))
    }
    do throws(RegularExpressionError) {
      let expression = try RegularExpression(OnigurumaPattern.translated(pattern))
      for probe in Self.probes {
        // With the pattern's own characters after the run, PCRE2 cannot see at once that a required
        // one is missing.
        let text = probe + pattern.utf8
        try expression.forEachRange(in: text.span) { _ in true }
      }
      return .split(expression, behavior, inverted: inverted)
    } catch {
      throw FileError(
        file: file, place: "pre_tokenizer pattern",
        expected: "a regular expression that does not backtrack without end",
        found: error.description)
    }
  }

  /// Texts on which patterns that try ever more ways show it: a long run of one kind, then what is
  /// of another.
  private static let probes: [[UInt8]] = ["a", "A", "é", "1", " ", ".", "\n", "a ", "'s"].map {
    Array((String(repeating: $0, count: 512) + "\u{1}\n").utf8)
  }

  private func failure(_ place: String, _ expected: String, _ found: JSONValue?) -> FileError {
    FileError(
      file: file, place: place, expected: expected, found: found?.summary ?? "nothing")
  }
}
