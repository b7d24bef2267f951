internal import Glibc

/// Text in the encoding of a dictionary, by iconv.
@safe
final class DictionaryEncoding {
  private let encode: iconv_t
  private let decode: iconv_t

  /// Nil for an encoding that the C library does not know.
  init?(_ name: String) {
    // Some dictionaries write the name as no library does.
    let name = name.replacing("microsoft-cp", with: "CP")
    guard let encode = unsafe Self.opened(to: name, from: "UTF-8") else { return nil }
    guard let decode = unsafe Self.opened(to: "UTF-8", from: name) else {
      unsafe iconv_close(encode)
      return nil
    }
    unsafe self.encode = encode
    unsafe self.decode = decode
  }

  deinit {
    unsafe iconv_close(encode)
    unsafe iconv_close(decode)
  }

  private static func opened(to: String, from: String) -> iconv_t? {
    let converter = unsafe iconv_open(to, from)
    // The error is -1 as a pointer.
    return unsafe Int(bitPattern: converter) == -1 ? nil : converter
  }

  /// The bytes of a word with a NUL at the end; nil if it has characters that the encoding lacks.
  func bytes(of word: String) -> [CChar]? {
    unsafe converted(word.utf8.map { CChar(bitPattern: $0) }, encode).map { $0 + [0] }
  }

  /// Nil for bytes that are not in the encoding.
  func text(of bytes: UnsafePointer<CChar>) -> String? {
    let bytes = unsafe Array(UnsafeBufferPointer(start: bytes, count: strlen(bytes)))
    return unsafe converted(bytes, decode).flatMap {
      String(validating: $0.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  private func converted(_ bytes: [CChar], _ converter: iconv_t) -> [CChar]? {
    var input = bytes
    var output = [CChar](repeating: 0, count: 4 * bytes.count + 8)
    let left = unsafe input.withUnsafeMutableBufferPointer { from in
      unsafe output.withUnsafeMutableBufferPointer { to -> Int? in
        var source = from.baseAddress
        var target = to.baseAddress
        var sourceLeft = from.count
        var targetLeft = to.count
        let result = unsafe iconv(converter, &source, &sourceLeft, &target, &targetLeft)
        // Back to the initial state, for the next word.
        _ = unsafe iconv(converter, nil, nil, nil, nil)
        return result == -1 ? nil : targetLeft
      }
    }
    return left.map { Array(output.dropLast($0)) }
  }
}
