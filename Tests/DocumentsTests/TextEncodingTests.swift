import TestSupport
import Testing

@testable import Documents

@Suite struct TextEncodingTests {
  private func bytes(_ text: String, _ encoding: TextEncoding, mark: Bool = false) -> [UInt8] {
    let format = FileFormat(encoding, hasByteOrderMark: mark)
    return (try? Document(Text(text), format).contents()) ?? []
  }

  @Test func knownBytes() {
    #expect(bytes("aé€", .utf16LE) == [0x61, 0, 0xE9, 0, 0xAC, 0x20])
    #expect(bytes("aé€", .utf16BE, mark: true) == [0xFE, 0xFF, 0, 0x61, 0, 0xE9, 0x20, 0xAC])
    #expect(bytes("😀", .utf16LE, mark: true) == [0xFF, 0xFE, 0x3D, 0xD8, 0x00, 0xDE])
    #expect(bytes("aé", .latin1) == [0x61, 0xE9])
    #expect(bytes("aé€“”Ÿ", .windows1252) == [0x61, 0xE9, 0x80, 0x93, 0x94, 0x9F])
    #expect(bytes("é", .utf8, mark: true) == [0xEF, 0xBB, 0xBF, 0xC3, 0xA9])
    #expect(TextEncoding.windows.count == 32)
  }

  /// Whatever a file has: bytes that are taken as text come back as they were.
  @Test(arguments: TextEncoding.allCases) func bytesComeBack(encoding: TextEncoding) throws {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    var taken = 0
    for round in 0..<max(500, Property.operations / 10) {
      var bytes = (0..<random.below(40)).map { _ in
        random.below(3) == 0 ? UInt8(random.below(256)) : UInt8(0x20 + random.below(0x5F))
      }
      if random.below(4) == 0 { bytes = encoding.byteOrderMark + bytes }
      guard let (text, format) = encoding.decode(bytes) else {
        #expect(encoding == .utf16LE || encoding == .utf16BE)
        continue
      }
      taken += 1
      if encoding != .utf8 { #expect(String(validating: text, as: UTF8.self) != nil) }
      let document = Document(Text(text, chunkLimit: 2 + random.below(5)), format)
      #expect(try document.contents() == bytes, "seed \(seed), round \(round)")
      #expect(try document.encodedCount() == bytes.count)
    }
    #expect(taken > 100)
  }

  /// Any text comes back from UTF-16, however it is cut into leaves.
  @Test(arguments: [TextEncoding.utf16LE, .utf16BE]) func textComesBack(encoding: TextEncoding)
    throws
  {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    for round in 0..<500 {
      var string = ""
      for _ in 0..<random.below(30) {
        let limit = [0x80, 0x800, 0x10000, 0x110000][random.below(4)]
        if let scalar = Unicode.Scalar(UInt32(random.below(limit))) {
          string.unicodeScalars.append(scalar)
        }
      }
      // A mark would be taken for that of the file.
      if string.unicodeScalars.first == "\u{FEFF}" { continue }
      let text = Text(Array(string.utf8), chunkLimit: 2 + random.below(7))
      let bytes = try Document(text, FileFormat(encoding)).contents()
      #expect(encoding.decode(bytes)?.text == Array(string.utf8), "seed \(seed), round \(round)")
    }
  }

  @Test(
    arguments: [
      [0x61], [0x61, 0, 0x62], [0x3D, 0xD8], [0x3D, 0xD8, 0x61, 0], [0x00, 0xDE, 0x61, 0],
      [0x3D, 0xD8, 0x3D, 0xD8, 0, 0xDE],
    ] as [[UInt8]]) func whatIsNoUTF16IsRefused(bytes: [UInt8])
  {
    #expect(TextEncoding.utf16LE.decode(bytes) == nil)
  }

  @Test(arguments: [
    (TextEncoding.latin1, "one\ntwo €", "line 2, column 5: “€” (U+20AC)"),
    (.latin1, "é“", "line 1, column 2: “\u{201C}” (U+201C)"),
    (.windows1252, "e\u{301}x\nż", "line 1, column 1: “◌\u{301}” (U+0301)"),
    (.windows1252, "ok\r\n\tż", "line 2, column 2: “ż” (U+017C)"),
    (.latin1, "😀", "line 1, column 1: “😀” (U+1F600)"),
  ])
  func whatCannotBeWrittenHasAPlace(encoding: TextEncoding, text: String, place: String) {
    let document = Document(Text(text), FileFormat(encoding))
    let error = #expect(throws: UnencodableText.self) { try document.contents() }
    #expect(error.map(document.description) == place)
    #expect(throws: UnencodableText.self) { try document.encodedCount() }
  }

  @Test(
    arguments: [
      [0xFF], [0x61, 0xC3], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xC0, 0x80],
      [0xF5, 0x80, 0x80, 0x80],
      [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80],
    ] as [[UInt8]]) func strayBytesAreNotWritten(bytes: [UInt8]) throws
  {
    for encoding in TextEncoding.allCases where encoding != .utf8 {
      let document = Document(Text(bytes, chunkLimit: 2), FileFormat(encoding))
      let error = #expect(throws: UnencodableText.self) { try document.contents() }
      #expect(error?.scalar == nil && error?.offset == (bytes[0] == 0x61 ? 1 : 0))
    }
    #expect(try Document(Text(bytes), .utf8).contents() == bytes)
  }

  private static let french = "Déjà vu, garçon — « l’été » à Nîmes.\n"

  @Test func encodingsAreRecognised() throws {
    let plain = "Déjà vu, garçon: l'été à Nîmes.\n"
    for (text, encoding) in [
      ("plain text\n", TextEncoding.utf8), ("", .utf8), (plain, .utf8), (plain, .latin1),
      (Self.french, .windows1252), ("“Déjà vu” — 5 €", .windows1252), ("Größe", .latin1),
      ("plain text\n", .utf16LE), (plain, .utf16BE), ("ab", .utf16LE),
      ("日本語のテキスト", .utf8),
    ] {
      #expect(TextEncoding.recognised(bytes(text, encoding)) == encoding, "\(encoding): \(text)")
    }
    for encoding in TextEncoding.allCases where !encoding.isSingleByte {
      #expect(TextEncoding.recognised(bytes("日本語", encoding, mark: true)) == encoding)
    }
  }

  /// What is not plainly text in another encoding is kept byte by byte.
  @Test(
    arguments: [
      [0xFF], [0xFF, 0x00, 0x0A, 0xC3], [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0],
      [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], [0x61, 0, 0, 0x62], [0x61, 0, 0x62],
      [0x61, 0x80, 0x81, 0x20],
      [0x61, 0x62, 0x63, 0x01, 0xE9], Array("Ünïcödé täxt ".utf8) + [0xFF],
      // KOI8-R and Shift JIS: another language, whose letters are all above ASCII.
      [0xF0, 0xD2, 0xC9, 0xD7, 0xC5, 0xD4, 0x20, 0xCD, 0xC9, 0xD2],
      [0x93, 0xFA, 0x96, 0x7B, 0x8C, 0xEA],
    ] as [[UInt8]]) func otherBytesStayAsTheyAre(bytes: [UInt8])
  {
    #expect(TextEncoding.recognised(bytes) == .utf8)
  }

  /// A part may end within a character.
  @Test func aPartIsRecognised() {
    let text = Array("Ünïcödé täxt €".utf8)
    for end in 0..<text.count {
      #expect(TextEncoding.recognised(Array(text[..<end]), isWhole: false) == .utf8, "\(end)")
    }
    let latin = bytes(Self.french, .windows1252)
    #expect(TextEncoding.recognised(latin, isWhole: false) == .windows1252)
  }

  @Test func namesAreRead() {
    for (name, format) in [
      ("utf-8", FileFormat.utf8), ("UTF8", .utf8),
      ("utf-8-bom", FileFormat(.utf8, hasByteOrderMark: true)),
      ("latin1", FileFormat(.latin1)), ("ISO-8859-1", FileFormat(.latin1)),
      ("cp1252", FileFormat(.windows1252)), ("utf-16", FileFormat(.utf16LE)),
    ] {
      #expect(FileFormat(named: name) == format)
    }
    #expect(FileFormat(named: "koi8-r") == nil)
    for format in FileFormat.all { #expect(FileFormat(named: format.name) == format) }
    #expect(FileFormat.all.count == 8)
  }

  @Test func anotherFormatIsUnsaved() {
    var document = Document("text")
    document.format = FileFormat(.utf16LE, hasByteOrderMark: true)
    #expect(document.isDirty)
    document.markSaved(document.revision)
    #expect(!document.isDirty)
    document.format = .utf8
    #expect(document.isDirty)
  }

  @Test func lineEndsChangeAndComeBack() {
    var document = Document("a\r\nb\nc\r\n\r\rd\n")
    let toLF = Transaction(endingLinesOf: document.text, with: .lf)
    func apply(_ transaction: Transaction) {
      document.apply(
        transaction, label: "line ends", selectionBefore: Selection(0),
        selectionAfter: Selection(0))
    }
    apply(toLF)
    document.lineEnding = .lf
    #expect(document.text.description == "a\nb\nc\n\r\rd\n")
    apply(Transaction(endingLinesOf: document.text, with: .crlf))
    document.lineEnding = .crlf
    #expect(document.text.description == "a\r\nb\r\nc\r\n\r\rd\r\n")
    _ = document.undo()
    #expect(document.lineEnding == .lf)
    _ = document.undo()
    #expect(document.lineEnding == .mixed(prevailing: .lf))
    #expect(document.text.description == "a\r\nb\nc\r\n\r\rd\n")
    _ = document.redo()
    #expect(document.lineEnding == .lf)
    #expect(Transaction(endingLinesOf: document.text, with: .lf).isEmpty)
  }
}
