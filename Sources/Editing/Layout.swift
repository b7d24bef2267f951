internal import Documents
internal import Infilling

/// Soft wrap with fills drawn in place of their spans.
///
/// Works block by block: a block is a line, or the lines that a fill joins, or for a line of more
/// than `longLine` bytes a piece of it. Nothing here depends on the size of the document.
struct Layout {
  /// What is laid out at once. `next` is where the following block begins, nil for the last.
  struct Block: Equatable {
    var range: Range<Int>
    var next: Int?
    var line: Int
    /// Begins inside of a line.
    var isContinuation: Bool

    /// Whether a span is drawn in it. A blank line counts as its line feed.
    func touches(_ span: Range<Int>) -> Bool {
      span.overlaps(range.lowerBound..<max(range.upperBound, range.lowerBound + 1))
    }
  }

  static let longLine = 8192
  static let pieceOfLongLine = 4096
  static let longestCountedLine = 1 << 20

  let text: Text
  /// By span.
  let fills: [Fill]
  /// The fill that has the keys.
  let focus: Fill.ID?
  let columns: Int
  let tabWidth: Int

  init(text: Text, fills: [Fill], focus: Fill.ID?, columns: Int, tabWidth: Int) {
    self.text = text
    self.fills = fills.sorted { $0.span.lowerBound < $1.span.lowerBound }
    self.focus = focus
    self.columns = columns
    self.tabWidth = tabWidth
  }

  // MARK: Blocks

  /// The block that `offset` is in.
  func block(at offset: Int) -> Block {
    var block = piece(at: offset)
    var grows = true
    while grows {
      grows = false
      for fill in fills where block.touches(fill.span) {
        if fill.span.lowerBound < block.range.lowerBound {
          let before = piece(at: fill.span.lowerBound)
          block.range = before.range.lowerBound..<block.range.upperBound
          block.line = before.line
          block.isContinuation = before.isContinuation
          grows = true
        }
        if fill.span.upperBound > block.range.upperBound {
          let after = piece(at: fill.span.upperBound - 1)
          block.range = block.range.lowerBound..<after.range.upperBound
          block.next = after.next
          grows = true
        }
      }
    }
    return block
  }

  func block(after block: Block) -> Block? { block.next.map { self.block(at: $0) } }

  func block(before block: Block) -> Block? {
    block.range.lowerBound > 0 ? self.block(at: block.range.lowerBound - 1) : nil
  }

  /// A line, or the piece of a long line that holds `offset`.
  private func piece(at offset: Int) -> Block {
    // Of a long line, no more than the piece and what is right behind it is looked at.
    let (line, range, next) = text.line(
      at: offset, within: Self.longLine + 2 * Self.pieceOfLongLine)
    guard range.count > Self.longLine else {
      return Block(range: range, next: next, line: line, isContinuation: false)
    }
    let size = Self.pieceOfLongLine
    let offset = min(offset, range.upperBound)
    var number = min((offset - range.lowerBound) / size, (range.count - 1) / size)
    // A boundary moves back to the start of its cluster, so the offset may be in the next piece.
    if start(ofPiece: number + 1, in: range) <= offset, offset < range.upperBound { number += 1 }
    let start = start(ofPiece: number, in: range)
    let end = self.start(ofPiece: number + 1, in: range)
    let isLast = end >= range.upperBound
    return Block(
      range: start..<max(end, start), next: isLast ? next : end, line: line,
      isContinuation: number > 0)
  }

  private func start(ofPiece number: Int, in line: Range<Int>) -> Int {
    let offset = line.lowerBound + number * Self.pieceOfLongLine
    if number == 0 { return offset }
    return offset >= line.upperBound
      ? line.upperBound : text.graphemeBoundary(atOrBefore: offset)
  }

  // MARK: Rows

  /// Rows of a block: the draft's, and then as many empty ones as the original would need more.
  func rows(of block: Block) -> [VisualRow] {
    let inside = fills.filter { block.touches($0.span) }
    var rows = rows(of: block, fills: inside, showsOriginals: false)
    guard !inside.isEmpty else { return rows }
    let originals = self.rows(of: block, fills: inside, showsOriginals: true)
    let end = block.range.upperBound
    while rows.count < originals.count {
      rows.append(VisualRow(kind: .reserved, isContinuation: true, range: end..<end))
    }
    return rows
  }

  private func rows(of block: Block, fills: [Fill], showsOriginals: Bool) -> [VisualRow] {
    var builder = RowBuilder(
      limit: columns - 1, tabWidth: tabWidth, line: block.line, start: block.range.lowerBound,
      isContinuation: block.isContinuation)
    var position = block.range.lowerBound
    for fill in fills {
      addText(position..<fill.span.lowerBound, to: &builder)
      if showsOriginals || fill.view == .original {
        addOriginal(of: fill, to: &builder)
      } else if fill.view == .differences {
        addDifferences(of: fill, to: &builder)
      } else {
        addDraft(of: fill, to: &builder)
      }
      position = fill.span.upperBound
    }
    addText(position..<block.range.upperBound, to: &builder)
    return builder.finish()
  }

  private func addText(_ range: Range<Int>, to builder: inout RowBuilder) {
    guard !range.isEmpty else { return }
    var clusters = Clusters(text.bytes(in: range), at: range.lowerBound)
    while let cluster = clusters.next() {
      switch cluster.kind {
      case .newline: builder.newline(next: cluster.range.upperBound, isDocumentLine: true)
      case .text: builder.add(cluster)
      case .tab: builder.add(cell(cluster, .tab))
      case .control: builder.add(cell(cluster, .control))
      }
    }
  }

  private func cell(_ cluster: Cluster, _ role: VisualCell.Role) -> VisualCell {
    VisualCell(
      cluster.display, offset: cluster.range.lowerBound, end: cluster.range.upperBound, role: role)
  }

  private func addOriginal(of fill: Fill, to builder: inout RowBuilder) {
    let start = fill.span.lowerBound
    for cluster in Clusters(fill.original, at: start) {
      if cluster.kind == .newline {
        builder.newline(next: start, isDocumentLine: true)
        continue
      }
      let isLast = cluster.range.upperBound == fill.span.upperBound
      builder.add(
        VisualCell(
          cluster.display, offset: start, end: isLast ? fill.span.upperBound : start,
          role: cluster.kind == .tab ? .tab : .settled, fill: fill.id))
    }
  }

  private func addDraft(of fill: Fill, to builder: inout RowBuilder) {
    let start = fill.span.lowerBound
    let review = fill.id == focus ? fill.chosenSlots : 0..<0
    for piece in fill.draft().pieces {
      builder.add(
        piece.cluster, piece.role, at: start, fill: fill.id, slot: piece.slot,
        isUnderReview: review.contains(piece.slot), breaksAround: piece.isMask)
    }
    builder.extend(
      to: fill.span.upperBound, lines: fill.original.count { $0 == UInt8(ascii: "\n") })
  }

  /// `[-words that go-]{+words that come+}` among those that stay.
  private func addDifferences(of fill: Fill, to builder: inout RowBuilder) {
    let start = fill.span.lowerBound
    let diff = WordDiff(
      original: fill.comparedText ?? String(decoding: fill.original, as: UTF8.self),
      draft: fill.text)
    func add(_ text: String, _ role: VisualCell.Role) {
      for cluster in Clusters(text) { builder.add(cluster, role, at: start, fill: fill.id) }
    }
    /// The blank before the words, which are marked as a whole.
    func add(_ words: ArraySlice<String>, _ open: String, _ close: String, _ role: VisualCell.Role)
    {
      let text = words.joined()
      guard !text.isEmpty else { return }
      add(String(text.prefix(while: \.isWhitespace)), .settled)
      add(open + text.drop(while: \.isWhitespace) + close, role)
    }
    for hunk in diff.hunks {
      if hunk.isSame {
        add(diff.draft[hunk.draft].joined(), .settled)
      } else {
        add(diff.original[hunk.original], "[-", "-]", .removed)
        add(diff.draft[hunk.draft], "{+", "+}", .added)
      }
    }
    builder.extend(
      to: fill.span.upperBound, lines: fill.original.count { $0 == UInt8(ascii: "\n") })
  }
}
