import Glibc
import Testing

@testable import Storage

@Suite struct JournalTests {
  private let folder = TemporaryFolder(inMemory: true)
  private var recovery: RecoveryFolder { RecoveryFolder(folder("state/recover")) }
  private let document = "/somewhere/doc.txt"

  private func edit(_ range: Range<Int>, _ text: String) -> JournalEdit {
    JournalEdit(range: range, replacement: Array(text.utf8))
  }

  @Test func checksumsMatchTheirVectors() {
    #expect(ContentHash.crc32c(Array("123456789".utf8)[...]) == 0xE306_9283)
    #expect(ContentHash.crc32c([]) == 0)
    #expect(ContentHash.hash([]) != ContentHash.hash([0]))
    #expect(ContentHash.hash([0]) != ContentHash.hash([0, 0]))
    // No byte is left out, and no place is like another.
    let bytes = (0..<133).map { UInt8($0) }
    var seen = Set([ContentHash.hash(bytes)])
    for index in bytes.indices {
      var other = bytes
      other[index] ^= 0x80
      seen.insert(ContentHash.hash(other))
      seen.insert(ContentHash.hash(Array(bytes.prefix(index))))
    }
    #expect(seen.count == 2 * bytes.count + 1)
  }

  private func begin(
    _ base: [UInt8], session: String = "one", in recovery: RecoveryFolder? = nil
  ) throws -> Journal {
    try (recovery ?? self.recovery).begin(
      document, session: session, base: Contents(base), hash: ContentHash.hash(base))
  }

  /// The only text that is left, given the text on disk.
  private func leftText(onDisk disk: [UInt8]) throws -> [UInt8] {
    let found = recovery.leftovers(of: document)
    #expect(found.count == 1)
    return try recovery.text(of: try #require(found.first), onDisk: disk)
  }

  @Test func editsComeBack() throws {
    let base = Array("one two".utf8)
    let journal = try begin(base)
    #expect(recovery.leftovers().isEmpty)
    try journal.append([edit(0..<3, "1"), edit(7..<7, "!")])
    #expect(journal.hasUnsynchronizedEdits)
    try journal.append([edit(0..<1, "first")], time: 42)
    try journal.synchronize()
    journal.close()
    #expect(try leftText(onDisk: base) == Array("first two!".utf8))
    #expect(try leftText(onDisk: Array("other".utf8)) == Array("first two!".utf8))
    let left = try #require(recovery.leftovers().first)
    let found = try #require(left.journal)
    #expect(found.begins(from: base))
    #expect(!found.begins(from: Array("one too".utf8)))
    #expect(found.editCount == 2)
    #expect(left.document == document)
    #expect(found.time == 42)
    let claim = try #require(recovery.claim(left))
    #expect(recovery.leftovers().isEmpty)
    recovery.discard(left)
    claim.close()
    #expect(recovery.leftovers().isEmpty)
  }

  @Test func aJournalIsAppliedToNothingElse() throws {
    let base = [UInt8](repeating: 0x61, count: RecoveryFolder.snapshotLimit + 1)
    let journal = try begin(base)
    try journal.append([edit(0..<1, "b")])
    journal.close()
    #expect(try leftText(onDisk: base).first == 0x62)
    var other = base
    other[base.count / 2] = 0x62
    #expect(throws: StorageError.self) { try leftText(onDisk: other) }
    #expect(throws: StorageError.self) { try leftText(onDisk: [1]) }
  }

  @Test func sessionsDoNotTouchEachOther() throws {
    let first = try begin([1], session: "one")
    try first.append([JournalEdit(range: 1..<1, replacement: [2])])
    let second = try begin([1], session: "two")
    try second.append([JournalEdit(range: 0..<0, replacement: [0])])
    first.close()
    second.close()
    let texts = try recovery.leftovers(of: document).map { try recovery.text(of: $0, onDisk: [1]) }
    #expect(texts == [[1, 2], [0, 1]])
    // Not even a session of the same name writes over what another has left.
    #expect(throws: StorageError.self) { try begin([9], session: "one") }
    #expect(recovery.leftovers(of: document).count == 2)
  }

  @Test func damagedJournalsAreListedAndStay() throws {
    try SystemFiles().makeFolders(folder("state/recover"))
    let name = EntryName(document, session: "x", .journal).text
    shell("echo nothing of ours > '\(folder("state/recover/" + name))'")
    recovery.tidy()
    #expect(recovery.leftovers().map(\.kind) == [.unreadable])
    let left = try #require(recovery.leftovers().first)
    #expect(throws: StorageError.self) { try recovery.start(of: left, onDisk: Contents([])) }
  }

  @Test func whatNobodyNeedsIsRemoved() throws {
    let journal = try begin([1])
    let dead = 1 << 22  // More than a process number can be.
    let names = [
      "\(EntryName(document, session: "gone", .base).text)",
      "\(EntryName(document, session: "gone", .presence).text)",
      "\(EntryName(document, session: "gone", .journal).text).\(dead).new",
    ]
    for name in names { shell("echo > '\(folder("state/recover/" + name))'") }
    recovery.tidy()
    #expect(try SystemFiles().list(folder("state/recover")) == [Path.name(of: journal.path)])
  }

  @Test func anyCutGivesAPrefix() throws {
    let base = Array("text".utf8)
    let journal = try begin(base)
    var texts = [base]
    for number in 0..<6 {
      try journal.append([edit(number..<number, "\(number)")])
      texts.append(Array("012345".utf8.prefix(number + 1)) + base)
    }
    journal.close()
    let whole = try SystemFiles().readFile(journal.path).bytes
    var last = -1
    for count in 0...whole.count {
      guard
        let found = RecoveredJournal(Array(whole.prefix(count))), let start = found.snapshot
      else { continue }
      let text = try found.replayed(onto: start)
      let index = try #require(texts.firstIndex(of: text), "cut at \(count)")
      #expect(index >= last, "cut at \(count)")
      last = index
    }
    #expect(last == 6)
  }

  @Test func damageNeverCrashes() throws {
    let base = Array("some text".utf8)
    let journal = try begin(base)
    for _ in 0..<4 { try journal.append([edit(0..<4, "more"), edit(5..<9, "words")]) }
    journal.close()
    let whole = try SystemFiles().readFile(journal.path).bytes
    for index in whole.indices {
      for flip in [UInt8(1), 0x80, 0xFF] {
        var damaged = whole
        damaged[index] ^= flip
        guard let found = RecoveredJournal(damaged) else { continue }
        _ = try? found.replayed(onto: found.snapshot ?? base)
      }
    }
    let wild = try JournalRecord.edits([edit(0..<1 << 40, "x")], time: 0).encoded()
    let found = try #require(RecoveredJournal(whole + wild))
    #expect(throws: StorageError.self) { try found.replayed(onto: base) }
  }

  /// A length that four bytes do not hold is an error like a full disk, not the end of the program.
  @Test func aRecordMayBeTooLong() throws {
    let record = JournalRecord.edits([edit(0..<1, "xyz")], time: 0)
    let count = try record.encoded().count - 8
    #expect(try record.encoded(limit: count).count == count + 8)
    #expect(throws: SystemError(code: EFBIG)) { try record.encoded(limit: count - 1) }
  }

  @Test func aFullDiskLeavesTheJournalSound() throws {
    try SystemFiles().makeFolders(folder("state/recover"))
    let probe = FaultyFiles()
    try begin([1], in: RecoveryFolder(folder("state/recover"), files: probe)).discard()
    let first = probe.operations - 2  // Without the two that discarding takes.
    for fault in [FaultyFiles.Fault.error(ENOSPC), .shortWrite, .tornError(ENOSPC)] {
      let files = FaultyFiles(fault, at: first)
      let journal = try begin([1], in: RecoveryFolder(folder("state/recover"), files: files))
      var appended: [UInt8] = [1]
      for byte in 2..<6 as Range<UInt8> {
        do throws(StorageError) {
          try journal.append([JournalEdit(range: 0..<0, replacement: [byte])])
          appended.insert(byte, at: 0)
        } catch {
          #expect(fault != .shortWrite)
        }
      }
      #expect(appended.count == (fault == .shortWrite ? 5 : 4))
      journal.close()
      #expect(try leftText(onDisk: [1]) == appended)
      for left in recovery.leftovers() { recovery.discard(left) }
    }
  }
}

extension RecoveryFolder {
  /// The whole text of a leftover.
  func text(of leftover: Leftover, onDisk disk: [UInt8]) throws -> [UInt8] {
    try leftover.journal?.replayed(onto: try start(of: leftover, onDisk: Contents(disk)).bytes())
      ?? []
  }
}

extension RecoveredJournal {
  func replayed(onto start: [UInt8]) throws -> [UInt8] {
    var text = start
    try replay(onto: text.count) { text.replaceSubrange($0, with: $1) }
    return text
  }
}
