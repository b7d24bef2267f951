internal import Infilling

/// Words that must appear in a passage, in their order.
struct SeedWords: Equatable {
  let words: [String]

  /// Where commas or semicolons occur in `text`, the words between them stay together.
  init(_ text: String) {
    let isList = text.contains { $0 == "," || $0 == ";" }
    let parts = text.split { isList ? $0 == "," || $0 == ";" : $0.isWhitespace }
    words = parts.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
      .filter { !$0.isEmpty }
  }

  /// A canvas of about `slots` slots with the words at even distances, two masks at least before,
  /// between and after them.
  func canvas(slots: Int) -> [InfillCell] {
    let taken = words.reduce(0) { $0 + max(1, $1.utf8.count * 2 / 9) }
    let gaps = words.count + 1
    let open = max(2 * gaps, slots - taken)
    var cells: [InfillCell] = []
    for gap in 0..<gaps {
      let count = (gap + 1) * open / gaps - gap * open / gaps
      cells += Array(repeating: .open, count: count)
      if gap < words.count {
        cells.append(InfillCell(state: .pinned, text: " " + words[gap], confidence: 1))
      }
    }
    return cells
  }
}
