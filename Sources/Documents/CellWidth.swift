/// Columns a terminal gives a character.
public enum CellWidth {
  /// Columns of one scalar, as `wcwidth` of Unicode 17 counts: 0 for combining marks, format and
  /// control characters, 2 for wide East Asian characters and emoji, else 1. O(log table).
  public static func columns(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x7F { return value < 0x20 ? 0 : 1 }
    if value < 0xA0 { return 0 }
    if contains(value, WidthTable.zero) { return 0 }
    return contains(value, WidthTable.wide) ? 2 : 1
  }

  /// Columns of `text` in the form it is shown in, without tabs and line ends. O(text).
  public static func columns(_ text: String) -> Int {
    Clusters(text).reduce(0) { $0 + $1.display.width }
  }

  /// `ranges`: first and last of each range in turn, ascending.
  private static func contains(_ value: UInt32, _ ranges: [UInt32]) -> Bool {
    var low = 0
    var high = ranges.count / 2
    while low < high {
      let middle = (low + high) / 2
      if value > ranges[2 * middle + 1] { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count / 2 && value >= ranges[2 * low]
  }
}
