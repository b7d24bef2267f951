/// How the lines of a document end.
public enum LineEnding: Sendable, Equatable {
  case lf, crlf
  /// Both occur; new lines get the one that prevails.
  case mixed(prevailing: Prevailing)

  public enum Prevailing: Sendable, Equatable {
    case lf, crlf
  }

  /// For the reader: `CRLF`.
  public var title: String {
    switch self {
    case .lf: "LF"
    case .crlf: "CRLF"
    case .mixed(.lf): "LF and CRLF"
    case .mixed(.crlf): "CRLF and LF"
    }
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

  /// The line ends of the first mebibyte of `text`; nil without one.
  init?(of text: Text) {
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
    switch (lf, crlf) {
    case (0, 0): return nil
    case (_, 0): self = .lf
    case (0, _): self = .crlf
    default: self = .mixed(prevailing: crlf > lf ? .crlf : .lf)
    }
  }
}

extension Transaction {
  /// Whether it puts line ends into the text.
  var hasLineEnds: Bool { edits.contains { $0.replacement.contains(0x0A) } }
}
