extension Unicode.Scalar {
  /// The visible symbol of a control or format character.
  package var controlSymbol: Unicode.Scalar {
    switch value {
    case 0..<0x20: Unicode.Scalar(0x2400 + value) ?? "\u{2426}"
    case 0x7F: "\u{2421}"
    default: "\u{2426}"
    }
  }
}
