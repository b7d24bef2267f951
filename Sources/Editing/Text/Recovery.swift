public import Documents

/// Text that an earlier session left unsaved, held against the document's.
public struct Recovery: Sendable, Equatable {
  /// A name that no other has.
  public let id: String
  /// What it is, as in "3 unsaved edits of 12:04".
  public let title: String
  public let text: Text
  /// It follows from the document as it is: there is nothing to choose.
  public var isPlain: Bool

  public init(id: String, title: String, text: Text, isPlain: Bool = false) {
    self.id = id
    self.title = title
    self.text = text
    self.isPlain = isPlain
  }

  /// What became of it.
  public enum Outcome: Sendable, Equatable {
    /// It is the document's text, unsaved.
    case taken
    /// It stays where it is until it is taken or discarded.
    case left
    case discarded
  }
}

/// A text to be recovered as it is shown: the lines in which it differs, with some around them.
public struct RecoveryDiff: Sendable, Equatable {
  public enum Line: Sendable, Equatable {
    case same(String)
    case removed(String)
    case added(String)
    /// This number of equal lines is left out.
    case gap(Int)
  }

  /// A run of rows of one kind.
  private struct Block: Equatable {
    enum Kind { case same, removed, added, gap }
    var kind: Kind
    var lines: Range<Int>
    /// First line on the other side of a change.
    var counterpart: Int?
    var row: Int
    var rows: Int { kind == .gap ? 1 : lines.count }
  }

  private let old: Text
  private let new: Text
  private let diff: LineDiff
  private var blocks: [Block] = []
  public private(set) var rows = 0

  private static let context = 3
  /// Bytes of a line that are shown: those around the first that differs.
  private static let longestLine = 1000
  private static let longestBefore = 200

  /// O(text).
  public init(from old: Text, to new: Text) {
    self.old = old
    self.new = new
    diff = LineDiff(from: old, to: new)
    var line = 0
    for (number, hunk) in diff.hunks.enumerated() {
      addSame(line..<hunk.old.lowerBound, isFirst: number == 0)
      add(.removed, hunk.old, counterpart: hunk.new.first)
      add(.added, hunk.new, counterpart: hunk.old.first)
      line = hunk.old.upperBound
    }
    // A text that ends with a line end has no line after it.
    let last = old.isEmpty || old[old.count - 1] == UInt8(ascii: "\n") ? 1 : 0
    addSame(line..<max(line, old.lineCount - last), isFirst: diff.hunks.isEmpty, isLast: true)
  }

  private mutating func addSame(_ lines: Range<Int>, isFirst: Bool, isLast: Bool = false) {
    let before = isFirst ? 0 : Self.context
    let after = isLast ? 0 : Self.context
    guard lines.count > before + after + 1 else { return add(.same, lines) }
    add(.same, lines.prefix(before))
    add(.gap, lines.dropFirst(before).dropLast(after))
    add(.same, lines.suffix(after))
  }

  private mutating func add(
    _ kind: Block.Kind, _ lines: Range<Int>, counterpart: Int? = nil
  ) {
    guard !lines.isEmpty else { return }
    blocks.append(Block(kind: kind, lines: lines, counterpart: counterpart, row: rows))
    rows += blocks[blocks.count - 1].rows
  }

  /// The lines of some rows. O(log rows + rows shown).
  public func lines(_ range: Range<Int>) -> [Line] {
    let range = range.clamped(to: 0..<rows)
    guard !range.isEmpty else { return [] }
    var (low, high) = (0, blocks.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if blocks[middle].row <= range.lowerBound { low = middle } else { high = middle }
    }
    var lines: [Line] = []
    for block in blocks[low...] where lines.count < range.count {
      for row in block.row..<block.row + block.rows where range.contains(row) {
        lines.append(line(block, row - block.row))
      }
    }
    return lines
  }

  private func line(_ block: Block, _ row: Int) -> Line {
    let number = block.lines.lowerBound + row
    let other = block.counterpart.map { $0 + row }
    return switch block.kind {
    case .gap: .gap(block.lines.count)
    case .same: .same(Self.excerpt(number, of: old))
    case .removed: .removed(Self.excerpt(number, of: old, besides: other, of: new))
    case .added: .added(Self.excerpt(number, of: new, besides: other, of: old))
    }
  }

  /// A line, or what of a long one is around the first byte in which it differs from another.
  private static func excerpt(
    _ number: Int, of text: Text, besides other: Int? = nil, of otherText: Text? = nil
  ) -> String {
    let range = text.lineRange(number)
    guard range.count > longestLine else { return text.string(in: range) }
    var start = range.lowerBound
    if let other, let otherText, other < otherText.lineCount {
      let counterpart = otherText.lineRange(other)
      let same = text.commonPrefix(of: range, with: counterpart, of: otherText)
      start = max(start, text.graphemeBoundary(atOrBefore: start + same - longestBefore))
    }
    let end = min(range.upperBound, start + longestLine)
    return (start > range.lowerBound ? "…" : "") + text.string(in: start..<end)
      + (end < range.upperBound ? "…" : "")
  }

  /// What makes the document into the text.
  var edits: [Edit] { diff.edits(from: old, to: new) }
}
