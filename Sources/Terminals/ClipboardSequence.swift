/// OSC 52: the terminal's clipboard.
enum ClipboardSequence {
  /// Length that terminals are known to accept; longer texts are refused rather than cut.
  static let mostBytes = 74_994

  /// The sequence that puts `text` on the clipboard; nil when it is too long. Only base64 of the
  /// text is in it, so nothing in the text reaches the terminal as a control.
  static func copy(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    guard bytes.count <= mostBytes else { return nil }
    return "\u{1b}]52;c;\(base64(bytes))\u{07}"
  }

  /// RFC 4648, with padding.
  static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0..<4 {
        result.append(
          place <= group.count
            ? alphabet[value >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
