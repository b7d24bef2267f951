internal import Strings

/// A place where a document refers to a picture in a local file.
public struct PictureReference: Sendable, Equatable {
  /// Bytes of the reference.
  public var range: Range<Int>
  /// Bytes of what describes the picture, which may be none; nil where the reference has no such place.
  public var alt: Range<Int>?
  /// As the document has it: relative to its folder, or absolute.
  public var path: String

  public init(range: Range<Int>, alt: Range<Int>?, path: String) {
    self.range = range
    self.alt = alt
    self.path = path
  }

  /// The file for a document at `document`.
  public func file(beside document: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let slash = document.lastIndex(of: "/") else { return path }
    return document[...slash] + path
  }
}

extension PictureReference {
  /// The path that a target names; nil for what is no local file: an address, data, nothing.
  static func path(of target: String, in format: DocumentFormat) -> String? {
    var path = target
    for prefix in ["file://localhost/", "file:///"] where path.hasPrefix(prefix) {
      path = String(path.dropFirst(prefix.count - 1))
    }
    if format == .org, path.hasPrefix("file:") { path = String(path.dropFirst(5)) }
    let scheme = path.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+.-".contains($0)) }
    guard !scheme.isEmpty && path.dropFirst(scheme.count).first == ":" || path.hasPrefix("//")
    else { return decoded(path, format) }
    return nil
  }

  private static func decoded(_ path: String, _ format: DocumentFormat) -> String? {
    var path = path
    if format == .html {
      for (entity, text) in [("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">")] {
        path = path.replacing(entity, with: text)
      }
      path = path.replacing("&amp;", with: "&")
    }
    if format == .html || format == .markdown {
      path = String(path.prefix { $0 != "?" && $0 != "#" })
      path = percentDecoded(path)
    }
    return path.isEmpty || path.utf8.contains(0) ? nil : path
  }

  /// `%20` as a blank; what is no UTF-8 then stays as it was.
  private static func percentDecoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self) ?? text
  }
}
