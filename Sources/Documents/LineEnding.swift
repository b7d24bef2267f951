/// How the lines of a document end.
public enum LineEnding: Sendable, Equatable {
  case lf, crlf
  /// Both occur; new lines get the one that prevails.
  case mixed(prevailing: Prevailing)

  public enum Prevailing: Sendable, Equatable {
    case lf, crlf
  }

  /// Bytes the Enter key inserts.
  public var bytes: [UInt8] {
    switch self {
    case .lf, .mixed(.lf): [0x0A]
    case .crlf, .mixed(.crlf): [0x0D, 0x0A]
    }
  }

  /// Bytes of a text that are examined: enough to decide, without delay for a large file.
  static let sampleSize = 1 << 20

  /// The line ends of the first mebibyte of `text`; `.lf` without one.
  init(of text: Text) {
    var lf = 0
    var crlf = 0
    var previous: UInt8 = 0
    text.forEachSlice(in: 0..<min(text.count, LineEnding.sampleSize)) { slice in
      for byte in slice {
        if byte == 0x0A {
          if previous == 0x0D { crlf += 1 } else { lf += 1 }
        }
        previous = byte
      }
      return true
    }
    self =
      switch (lf, crlf) {
      case (_, 0): .lf
      case (0, _): .crlf
      default: .mixed(prevailing: crlf > lf ? .crlf : .lf)
      }
  }
}
