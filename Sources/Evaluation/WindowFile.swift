internal import JSON
public import Strings

/// Windows that the training code wrote, one JSON object a line: `{"prefix", "middle", "suffix"}`
/// with `"open"` or without, and `{"table", "document", "holes"}`.
public struct WindowFile: Sendable, Equatable {
  public private(set) var windows: [EvaluationWindow] = []
  public private(set) var tables: [TableWindow] = []

  /// - Parameters:
  ///   - vocabularySize: ids from this on are refused.
  ///   - longest: tokens a window may have.
  public init(_ bytes: [UInt8], file: String, vocabularySize: Int, longest: Int)
    throws(FileError)
  {
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if line.allSatisfy({ $0 <= 0x20 }) { continue }
      let reader = LineReader(file: file, line: number, limit: vocabularySize)
      let value = try reader.parse(Array(line))
      let tokens: Int
      if value["document"] != nil {
        let table = try reader.table(value)
        tables.append(table)
        tokens = table.document.count
      } else {
        let window = try reader.window(value)
        windows.append(window)
        tokens = window.prefix.count + window.middle.count + window.suffix.count
      }
      guard tokens <= longest else {
        throw reader.failure("at most \(longest) tokens", "\(tokens)")
      }
    }
    guard !windows.isEmpty || !tables.isEmpty else {
      throw FileError(file: file, expected: "windows", found: "none")
    }
  }
}

/// Fields of one line, each checked.
private struct LineReader {
  let file: String
  let line: Int
  let limit: Int

  func failure(_ expected: String, _ found: String, field: String = "") -> FileError {
    let place = field.isEmpty ? "line \(line)" : "line \(line), \(field)"
    return FileError(file: file, place: place, expected: expected, found: found)
  }

  func parse(_ bytes: [UInt8]) throws(FileError) -> JSONValue {
    do {
      return try JSONValue.parse(bytes, file: file)
    } catch {
      throw failure("a JSON object", "\(error.found) at \(error.place)")
    }
  }

  func window(_ value: JSONValue) throws(FileError) -> EvaluationWindow {
    var window = EvaluationWindow(
      prefix: try tokens(value, "prefix"), middle: try tokens(value, "middle"),
      suffix: try tokens(value, "suffix"))
    guard !window.middle.isEmpty else { throw failure("tokens", "none", field: "middle") }
    for rate in MaskRate.allCases {
      guard let open = value["open"]?[rate.rawValue] else { continue }
      window.open[rate] = try slots(open, below: window.middle.count, field: "open")
    }
    return window
  }

  func table(_ value: JSONValue) throws(FileError) -> TableWindow {
    let document = try tokens(value, "document")
    guard let name = value["table"]?.string else {
      throw failure("a name", value["table"]?.summary ?? "nothing", field: "table")
    }
    guard let list = value["holes"]?.array, !list.isEmpty else {
      throw failure("holes", value["holes"]?.summary ?? "nothing", field: "holes")
    }
    var passages: [TableWindow.Passage] = []
    var end = 0
    for passage in list {
      guard let start = passage["start"]?.int, let length = passage["length"]?.int, start >= end,
        start <= document.count, length > 0, length <= document.count - start
      else {
        throw failure(
          "start and length of consecutive passages in \(document.count) tokens",
          passage.serialized(), field: "holes")
      }
      let open = try slots(passage["open"] ?? .null, below: length, field: "holes")
      passages.append(TableWindow.Passage(start: start, length: length, open: open))
      end = start + length
    }
    return TableWindow(table: name, document: document, passages: passages)
  }

  private func tokens(_ value: JSONValue, _ field: String) throws(FileError) -> [Int] {
    try integers(value[field] ?? .null, below: limit, field: field)
  }

  private func slots(_ value: JSONValue, below limit: Int, field: String) throws(FileError)
    -> [Int]
  {
    let slots = try integers(value, below: limit, field: field)
    guard !slots.isEmpty, zip(slots, slots.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw failure("increasing slots", value.serialized(), field: field)
    }
    return slots
  }

  private func integers(_ value: JSONValue, below limit: Int, field: String)
    throws(FileError) -> [Int]
  {
    guard let array = value.array else { throw failure("a list", value.summary, field: field) }
    var result: [Int] = []
    for element in array {
      guard let integer = element.int, (0..<limit).contains(integer) else {
        throw failure("an integer below \(limit)", element.summary, field: field)
      }
      result.append(integer)
    }
    return result
  }
}
