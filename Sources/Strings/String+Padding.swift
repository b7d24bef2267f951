extension String {
  /// The string at the left end of `width` characters; longer ones as they are.
  package func leading(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// The string at the right end of `width` characters; longer ones as they are.
  package func trailing(_ width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
