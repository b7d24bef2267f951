/// How the bytes of a file stand for text. In memory, text is UTF-8 always.
///
/// The tables are here, not those of iconv: there are 32 entries, a failure has its place, a text may
/// be converted part by part, and a machine need not have the modules of iconv.
public enum TextEncoding: String, Sendable, CaseIterable {
  case utf8 = "utf-8"
  case utf16LE = "utf-16le"
  case utf16BE = "utf-16be"
  case latin1 = "iso-8859-1"
  case windows1252 = "windows-1252"

  /// By a name as a user or an `.editorconfig` writes it: `latin1`, `UTF-16LE`, `cp1252`. `utf-16` is
  /// little-endian unless the file says otherwise.
  public init?(named name: String) {
    switch name.lowercased().filter({ $0 != "-" && $0 != "_" && $0 != " " }) {
    case "utf8", "utf8bom": self = .utf8
    case "utf16le", "utf16lebom", "utf16": self = .utf16LE
    case "utf16be", "utf16bebom": self = .utf16BE
    case "latin1", "iso88591", "l1": self = .latin1
    case "windows1252", "cp1252", "ansi": self = .windows1252
    default: return nil
    }
  }

  /// For the reader: `UTF-16 LE`.
  public var title: String {
    switch self {
    case .utf8: "UTF-8"
    case .utf16LE: "UTF-16 LE"
    case .utf16BE: "UTF-16 BE"
    case .latin1: "ISO-8859-1"
    case .windows1252: "Windows-1252"
    }
  }

  /// U+FEFF, which a file may begin with; none in an encoding that has no such character.
  var byteOrderMark: [UInt8] {
    switch self {
    case .utf8: [0xEF, 0xBB, 0xBF]
    case .utf16LE: [0xFF, 0xFE]
    case .utf16BE: [0xFE, 0xFF]
    case .latin1, .windows1252: []
    }
  }

  /// Whether each byte is a character.
  public var isSingleByte: Bool { self == .latin1 || self == .windows1252 }

  /// The characters of the bytes 0x80...0x9F in Windows-1252; those that it leaves out are the control
  /// characters of ISO-8859-1, as the Encoding Standard of WHATWG has them.
  static let windows: [UInt16] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC,
    0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
  ]
}

/// The encoding of a file, and whether it begins with a byte order mark.
public struct FileFormat: Sendable, Hashable {
  public let encoding: TextEncoding
  public let hasByteOrderMark: Bool

  /// ISO-8859-1 and Windows-1252 have no mark.
  public init(_ encoding: TextEncoding, hasByteOrderMark: Bool = false) {
    self.encoding = encoding
    self.hasByteOrderMark = hasByteOrderMark && !encoding.isSingleByte
  }

  /// For a new file: UTF-16 has a mark, by which programs recognise it.
  public init(forNew encoding: TextEncoding) {
    self.init(encoding, hasByteOrderMark: encoding != .utf8)
  }

  /// UTF-8 without a mark.
  public static let utf8 = FileFormat(.utf8)

  /// All there are.
  public static let all = TextEncoding.allCases.flatMap { encoding in
    encoding.isSingleByte
      ? [FileFormat(encoding)]
      : [FileFormat(encoding), FileFormat(encoding, hasByteOrderMark: true)]
  }

  /// As settings and journals name it: `utf-16le-bom`.
  public var name: String { encoding.rawValue + (hasByteOrderMark ? "-bom" : "") }

  /// By a name as `TextEncoding.init(named:)` takes it, with `-bom` at its end for a mark.
  public init?(named name: String) {
    guard let encoding = TextEncoding(named: name) else { return nil }
    self.init(encoding, hasByteOrderMark: name.lowercased().hasSuffix("bom"))
  }

  /// For the reader: `UTF-8 with a byte order mark`.
  public var title: String {
    encoding.title + (hasByteOrderMark ? " with a byte order mark" : "")
  }

  /// What the file begins with.
  public var mark: [UInt8] { hasByteOrderMark ? encoding.byteOrderMark : [] }
}
