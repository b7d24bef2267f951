extension Unicode.Scalar {
  /// Whether the scalar is no text but steers what shows it: a control character, a separator of lines or
  /// a format character, which may turn the direction of its neighbours. Format characters that spell
  /// something are text: joiners, soft hyphens, signs around numbers, the tags of flags.
  package var isControl: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: return true
    case .format:
      switch value {
      case 0xAD, 0x200C, 0x200D, 0x600...0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD,
        0xE0020...0xE007F:
        return false
      default: return true
      }
    default: return false
    }
  }

  /// The visible symbol of a control or format character.
  package var controlSymbol: Unicode.Scalar {
    switch value {
    case 0..<0x20: Unicode.Scalar(0x2400 + value) ?? "\u{2426}"
    case 0x7F: "\u{2421}"
    default: "\u{2426}"
    }
  }
}
