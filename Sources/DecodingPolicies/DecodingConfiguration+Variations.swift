extension DecodingConfiguration {
  /// Shares of the slots of a first candidate that further ones begin with.
  private static let lengths = [1, 0.75, 1.25, 0.6, 1.5, 0.9, 1.1, 0.5, 1.75, 2]

  /// Settings of up to `count` candidates side by side, these first: the others begin with other
  /// numbers of slots, measured by the first candidate's `slots`, and above temperature 0 with
  /// seeds counted up. At temperature 0, where seeds change nothing, there are as many as lengths
  /// differ. With nil for `slots`, as for a search, which chooses the length and draws at any
  /// temperature, they differ by seed alone.
  public func variations(_ count: Int, slots: Int?) -> [DecodingConfiguration] {
    var all = [self]
    for number in 1..<max(1, count) {
      var settings = self
      if let slots {
        let share = Self.lengths[number % Self.lengths.count]
        settings.slots = max(1, Int((Double(slots) * share).rounded()))
      }
      if temperature > 0 || slots == nil { settings.seed &+= UInt64(number) }
      if !all.contains(settings) { all.append(settings) }
    }
    return all
  }
}
