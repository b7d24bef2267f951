public import Documents
public import Storage

// Where a document's text and a file's contents meet: the one knows nothing of the other.

extension HeldFile: StoredBytes {
  /// Question marks where the bytes cannot be read. `failure` is then set; check it before writing
  /// a text.
  public func read(_ range: Range<Int>) -> [UInt8] {
    (try? bytes(in: range)) ?? Array(repeating: UInt8(ascii: "?"), count: range.count)
  }
}

extension Text {
  /// The contents as a text that stays on disk.
  init(_ contents: Contents) throws(SystemError) {
    if let held = contents.held {
      self.init(StoredText(held))
    } else {
      self.init(try contents.bytes())
    }
  }
}
