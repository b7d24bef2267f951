internal import Commands
internal import Documents
internal import RegularExpressions

/// A passage of a document to rewrite.
struct Passage: Equatable {
  /// Bytes of the document that go away, markers included.
  var whole: Range<Int>
  /// The text within, without its markers.
  var inner: Range<Int>

  init(_ range: Range<Int>) {
    whole = range
    inner = range
  }

  init(whole: Range<Int>, inner: Range<Int>) {
    self.whole = whole
    self.inner = inner
  }

  /// Sorts passages, and checks that they do not overlap.
  static func ordered(_ passages: [Passage], in text: Text) throws(CommandFailure) -> [Passage] {
    let sorted = passages.sorted {
      ($0.whole.lowerBound, $0.whole.upperBound) < ($1.whole.lowerBound, $1.whole.upperBound)
    }
    for (one, next) in zip(sorted, sorted.dropFirst())
    where next.whole.lowerBound < one.whole.upperBound || next.whole == one.whole {
      throw CommandFailure(
        "Two passages overlap at \(TextPlace(offset: next.whole.lowerBound, in: text)).")
    }
    return sorted
  }
}

extension Passage {
  /// A passage from `LINE:COLUMN-LINE:COLUMN`, the end exclusive.
  init(span: String, in text: Text) throws(CommandFailure) {
    let ends = span.split(separator: "-", omittingEmptySubsequences: false)
      .map { DocumentLocation.place($0) }
    guard ends.count == 2, let from = ends[0], let to = ends[1],
      let fromColumn = from.column, let toColumn = to.column
    else {
      throw CommandFailure(
        "--span \(span): expected LINE:COLUMN-LINE:COLUMN, counted from 1, the end exclusive.")
    }
    let start = try TextPlace(line: from.line, column: fromColumn)
      .offset(in: text, spelled: "--span \(span)")
    let end = try TextPlace(line: to.line, column: toColumn)
      .offset(in: text, spelled: "--span \(span)")
    guard start <= end else {
      throw CommandFailure("--span \(span): the end comes before the start.")
    }
    self.init(start..<end)
  }

  /// The text between the first match of one pattern and the next match of another.
  init(between open: String, and close: String, in text: Text) throws(CommandFailure) {
    let bytes = text.contents()
    do {
      guard let first = try RegularExpression(open).firstMatch(in: bytes)?.range else {
        throw CommandFailure("--between: nothing matches “\(open)”.")
      }
      let rest = first.upperBound..<bytes.count
      guard let second = try RegularExpression(close).firstMatch(in: bytes, range: rest)?.range
      else {
        let place = TextPlace(offset: first.upperBound, in: text)
        throw CommandFailure("--between: nothing after \(place) matches “\(close)”.")
      }
      self.init(first.upperBound..<second.lowerBound)
    } catch let error as RegularExpressionError {
      throw CommandFailure("--between: \(error)")
    } catch let error as CommandFailure {
      throw error
    } catch {
      throw CommandFailure("--between: \(error)")
    }
  }

  /// Every text between two markers, in document order. The markers go away with it.
  static func marked(
    _ open: String, _ close: String, in text: Text
  ) throws(CommandFailure) -> [Passage] {
    let (bytes, open, close) = (text.contents(), Array(open.utf8), Array(close.utf8))
    guard !open.isEmpty, !close.isEmpty else {
      throw CommandFailure("--marker: a marker is empty.")
    }
    var passages: [Passage] = []
    var position = 0
    while let start = find(open, in: bytes, from: position) {
      guard let end = find(close, in: bytes, from: start + open.count) else {
        throw CommandFailure(
          "--marker: no closing marker for the one at \(TextPlace(offset: start, in: text)).")
      }
      passages.append(
        Passage(whole: start..<end + close.count, inner: start + open.count..<end))
      position = end + close.count
    }
    guard !passages.isEmpty else {
      throw CommandFailure("--marker: “\(String(decoding: open, as: UTF8.self))” not found.")
    }
    return passages
  }

  private static func find(_ needle: [UInt8], in text: [UInt8], from start: Int) -> Int? {
    var position = start
    while let candidate = text[position...].firstIndex(of: needle[0]) {
      if text[candidate...].starts(with: needle) { return candidate }
      position = candidate + 1
    }
    return nil
  }
}
