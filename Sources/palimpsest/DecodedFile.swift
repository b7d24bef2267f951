import Documents
import Storage

/// The contents of a file as the text of a document.
struct DecodedFile: Sendable {
  var format: FileFormat
  /// Without a byte order mark.
  let text: Text
  /// What the edits of a journal are of: the contents, or where these are another encoding of the text,
  /// the text.
  let base: Contents
  /// The text, where it stays in the file.
  let stored: StoredText?
  /// The encoding that was asked for is not that of the file.
  let isOtherEncoding: Bool

  /// Bytes of a large file by which its encoding is recognised.
  private static let sample = 1 << 16

  /// Reads contents in the encoding that was chosen, or else in the one they seem to be in. Bytes that
  /// are not text in it are taken as UTF-8, which keeps them as they are. A file that stays on disk is
  /// read as a whole if its encoding is not UTF-8. `before` is the format that the file had, which it
  /// keeps where its bytes may be either.
  init(
    _ contents: Contents, as chosen: TextEncoding? = nil, after before: FileFormat = .utf8
  ) throws(SystemError) {
    var encoding = chosen ?? .utf8
    if chosen == nil {
      if let held = contents.held {
        encoding = .recognised(
          try held.bytes(in: 0..<min(Self.sample, held.count)), isWhole: held.count <= Self.sample)
      } else {
        let bytes = try contents.bytes()
        encoding = .recognised(bytes)
        if encoding == .utf8, before.encoding.isSingleByte, bytes.allSatisfy({ $0 < 0x80 }) {
          encoding = before.encoding
        }
      }
    }
    if encoding != .utf8, let (text, format) = encoding.decode(try contents.bytes()) {
      if contents.held != nil { _ = try contents.hash() }
      self.format = format
      self.text = Text(text)
      base = Contents(text)
      stored = nil
      isOtherEncoding = false
      return
    }
    stored = contents.held.map { StoredText($0) }
    var text = if let stored { Text(stored) } else { Text(try contents.bytes()) }
    format = FileFormat(.utf8, hasByteOrderMark: text.removeByteOrderMark())
    self.text = text
    base = contents
    isOtherEncoding = encoding != .utf8 && chosen != nil
  }

  /// That of a document without a file.
  static let empty = DecodedFile()

  private init() {
    (format, text, base, stored, isOtherEncoding) = (.utf8, Text(), Contents([]), nil, false)
  }

  /// How a journal names the format; empty where its base is the file.
  var journalFormat: String { format.journalName }
}

extension FileFormat {
  /// How a journal names it; empty where the bytes of the file are those of the text.
  var journalName: String { encoding == .utf8 ? "" : name }
}

extension Contents {
  /// The contents to write for a document, parts of which are read from `held`. Throws at the first
  /// place that its encoding cannot write. O(1) for UTF-8, else O(n).
  init(_ document: Document, from held: HeldFile?) throws(UnencodableText) {
    // No more of the document than this lives as long as the contents do.
    let unchanging = Document(document.text, document.format)
    self.init(count: try unchanging.encodedCount()) { body throws(SystemError) in
      let place = try unchanging.forEachEncoded { slice throws(SystemError) in
        if let failure = held?.failure { throw failure }
        try body(slice)
      }
      precondition(place == nil, "a text that was encoded before")
      if let failure = held?.failure { throw failure }
    }
  }

  /// What a journal begins from: the contents in UTF-8, in which edits are kept, `hasMark` with a byte
  /// order mark before them.
  init(journalled document: Document, hasMark: Bool, from held: HeldFile?) {
    let plain = Document(document.text, FileFormat(.utf8, hasByteOrderMark: hasMark))
    do {
      try self.init(plain, from: held)
    } catch {
      preconditionFailure("UTF-8 has every text")
    }
  }
}
