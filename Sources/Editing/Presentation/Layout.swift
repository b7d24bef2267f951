internal import Documents
internal import Infilling

/// Soft wrap with passages drawn in place of their spans.
///
/// Works block by block: a block is a line, or the lines that a passage joins, or for a line of
/// more than `longLine` bytes a piece of it. Nothing here depends on the size of the document. A
/// block is laid out once for a text, a width and what its passages show: `memo` has the rows.
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
      let own = range.lowerBound..<max(range.upperBound, range.lowerBound + 1)
      return span.isEmpty ? own.contains(span.lowerBound) : span.overlaps(own)
    }
  }

  static let longLine = 8192
  static let pieceOfLongLine = 4096
  static let longestCountedLine = 1 << 20

  let text: Text
  /// By span.
  let passages: [Passage]
  /// The passage that has the keys.
  let focus: Passage.ID?
  /// What is drawn in the place of matches, in order.
  let substitutions: [Search.Substitution]
  private(set) var memo: LayoutMemo

  /// `memo` is what earlier layouts have laid out; what of it is of another text or another width
  /// is forgotten.
  init(
    text: Text, passages: [Passage], focus: Passage.ID?,
    substitutions: [Search.Substitution] = [], inputs: LayoutMemo.Inputs, memo: LayoutMemo
  ) {
    self.text = text
    self.passages = passages.sorted { $0.span.lowerBound < $1.span.lowerBound }
    self.focus = focus
    self.substitutions = substitutions
    self.memo = memo
    self.memo.reset(for: inputs)
  }

  // MARK: Blocks

  /// The block that `offset` is in.
  func block(at offset: Int) -> Block {
    var block = piece(at: offset)
    var grows = true
    while grows {
      grows = false
      for passage in passages where block.touches(passage.span) {
        if passage.span.lowerBound < block.range.lowerBound {
          let before = piece(at: passage.span.lowerBound)
          block.range = before.range.lowerBound..<block.range.upperBound
          block.line = before.line
          block.isContinuation = before.isContinuation
          grows = true
        }
        if passage.span.upperBound > block.range.upperBound {
          let after = piece(at: passage.span.upperBound - 1)
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
    // Of a long line, no more than the piece and what follows it directly is looked at.
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
  mutating func rows(of block: Block) -> [VisualRow] {
    let inside = passages.filter { block.touches($0.span) }
    let focus = inside.contains { $0.id == self.focus } ? self.focus : nil
    if let rows = memo.rows(of: block, showing: inside, focus: focus) { return rows }
    var rows = layOut(block, inside)
    var height = rows.count
    if !inside.isEmpty {
      // The document's own text does not change while passages are denoised over it.
      height = memo.height(of: block) ?? layOut(block, []).count
      let end = block.range.upperBound
      while rows.count < height {
        rows.append(VisualRow(kind: .reserved, beginning: .wrapped, range: end..<end))
      }
    }
    memo.keep(rows, of: block, showing: inside, focus: focus, height: height)
    return rows
  }

  /// The blocks in the window with their rows, those above it included. O(screen) the first time.
  mutating func blocks(in viewport: Viewport) -> [(block: Block, rows: [VisualRow])] {
    if let window = memo.window, window.viewport == viewport, window.focus == focus,
      window.passages == passages
    {
      return window.blocks
    }
    var blocks: [(block: Block, rows: [VisualRow])] = []
    var missing = viewport.textRows
    var next: Block? = block(at: min(viewport.top, text.count))
    while let block = next, missing > 0 {
      let rows = rows(of: block)
      missing -= rows.count - (blocks.isEmpty ? min(viewport.skippedRows, rows.count) : 0)
      blocks.append((block, rows))
      next = self.block(after: block)
    }
    memo.window = LayoutMemo.Window(
      viewport: viewport, passages: passages, focus: focus, blocks: blocks)
    return blocks
  }

  private mutating func layOut(_ block: Block, _ passages: [Passage]) -> [VisualRow] {
    memo.blocksLaidOut += 1
    var builder = RowBuilder(
      limit: memo.inputs.columns - 1, tabWidth: memo.inputs.tabWidth, line: block.line,
      start: block.range.lowerBound, isContinuation: block.isContinuation)
    var position = block.range.lowerBound
    for passage in passages {
      addText(position..<passage.span.lowerBound, to: &builder)
      switch passage.view {
      case .draft: addDraft(of: passage, to: &builder)
      case .original: addOriginal(of: passage, to: &builder)
      case .differences: addDifferences(of: passage, to: &builder)
      }
      position = passage.span.upperBound
    }
    addText(position..<block.range.upperBound, to: &builder)
    return builder.finish()
  }

  /// The document's text, with replacements where they are previewed.
  private func addText(_ range: Range<Int>, to builder: inout RowBuilder) {
    var position = range.lowerBound
    for match in substitutions
    where position <= match.range.lowerBound && match.range.upperBound <= range.upperBound {
      addPlainText(position..<match.range.lowerBound, to: &builder)
      for cluster in Clusters(match.replacement) {
        builder.add(cluster, .added, at: match.range.lowerBound, passage: nil)
      }
      builder.extend(to: match.range.upperBound)
      position = match.range.upperBound
    }
    addPlainText(position..<range.upperBound, to: &builder)
  }

  private func addPlainText(_ range: Range<Int>, to builder: inout RowBuilder) {
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

  private func addOriginal(of passage: Passage, to builder: inout RowBuilder) {
    let start = passage.span.lowerBound
    for cluster in Clusters(passage.original, at: start) {
      if cluster.kind == .newline {
        builder.newline(next: start, isDocumentLine: true)
        continue
      }
      let isLast = cluster.range.upperBound == passage.span.upperBound
      builder.add(
        VisualCell(
          cluster.display, offset: start, end: isLast ? passage.span.upperBound : start,
          role: cluster.kind == .tab ? .tab : .settled, passage: passage.id),
        rest: cluster.display.rest)
    }
  }

  private func addDraft(of passage: Passage, to builder: inout RowBuilder) {
    let start = passage.span.lowerBound
    let review = passage.id == focus ? passage.chosenSlots : 0..<0
    passage.forEachCluster { cluster, _, slot, role in
      builder.add(
        cluster, role, at: start, passage: passage.id, slot: slot,
        isUnderReview: review.contains(slot), breaksAround: role.isMask)
    }
    builder.extend(
      to: passage.span.upperBound, lines: passage.original.count { $0 == UInt8(ascii: "\n") })
  }

  /// `[-words that go-]{+words that come+}` among those that stay.
  private func addDifferences(of passage: Passage, to builder: inout RowBuilder) {
    let start = passage.span.lowerBound
    let diff = WordDiff(
      original: passage.comparedText ?? String(decoding: passage.original, as: UTF8.self),
      draft: passage.text)
    func add(_ text: String, _ role: VisualCell.Role) {
      for cluster in Clusters(text) { builder.add(cluster, role, at: start, passage: passage.id) }
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
      to: passage.span.upperBound, lines: passage.original.count { $0 == UInt8(ascii: "\n") })
  }
}
