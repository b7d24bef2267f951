public import JSON
public import Strings

extension JSONValue {
  /// Parses a mapped file, by way of a copy of its bytes.
  public static func parse(_ file: MappedFile) throws(FileError) -> JSONValue {
    try parse(file, 0..<file.count)
  }

  /// Parses the bytes of `range`; places in errors count from its beginning.
  static func parse(_ file: MappedFile, _ range: Range<Int>) throws(FileError) -> JSONValue {
    let bytes = unsafe Array(file.bytes[range])
    return try parse(bytes, file: file.path)
  }
}
