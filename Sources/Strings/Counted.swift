extension Int {
  /// The number with its noun: `1 mask`, `3 masks`; `many` where the plural has no plain `s`.
  package func counted(_ one: String, _ many: String? = nil) -> String {
    "\(self) \(self == 1 ? one : many ?? one + "s")"
  }
}
