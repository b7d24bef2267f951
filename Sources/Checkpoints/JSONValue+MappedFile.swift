public import JSON

extension JSONValue {
  /// Parses a mapped file, by way of a copy of its bytes.
  public static func parse(_ file: MappedFile) throws(CheckpointError) -> JSONValue {
    try parse(file, 0..<file.count)
  }

  /// Parses the bytes of `range`; places in errors count from its beginning.
  static func parse(_ file: MappedFile, _ range: Range<Int>) throws(CheckpointError) -> JSONValue {
    let bytes = unsafe Array(file.bytes[range])
    do {
      return try parse(bytes, file: file.path)
    } catch {
      throw CheckpointError(
        file: error.file, place: error.place, expected: error.expected, found: error.found)
    }
  }
}
