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

extension Contents {
  /// The contents to write for a document, parts of which are read from `held`.
  init(_ document: Document, from held: HeldFile?) {
    // No more of the document than this lives as long as the contents do.
    let (text, hasMark) = (document.text, document.hasByteOrderMark)
    self.init(count: document.contentCount) { body throws(SystemError) in
      if hasMark { try body(Document.byteOrderMark[...]) }
      var failure: SystemError?
      text.forEachSlice(in: 0..<text.count) { slice in
        do throws(SystemError) {
          if let failure = held?.failure { throw failure }
          try body(slice)
          return true
        } catch {
          failure = error
          return false
        }
      }
      if let failure = failure ?? held?.failure { throw failure }
    }
  }
}
