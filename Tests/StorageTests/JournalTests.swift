import Glibc
import Testing

@testable import Storage

@Suite struct JournalTests {
  private let folder = TemporaryFolder()
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
  }

  @Test func editsComeBack() throws {
    let base = Array("one two".utf8)
    let journal = try #require(try recovery.begin(document, base: base))
    #expect(recovery.state(of: document) == .inUse(process: Int(getpid())))
    #expect(try recovery.begin(document, base: base) == nil)
    try journal.append([edit(0..<3, "1"), edit(7..<7, "!")])
    #expect(journal.hasUnsynchronizedEdits)
    try journal.append([edit(0..<1, "first")], time: 42)
    try journal.synchronize()
    journal.close()
    guard case .recoverable(let found) = recovery.state(of: document) else {
      Issue.record("nothing to recover")
      return
    }
    #expect(try found.contents(onDisk: base) == Array("first two!".utf8))
    #expect(try found.contents(onDisk: Array("other".utf8)) == Array("first two!".utf8))
    #expect(found.editCount == 2)
    #expect(found.document == document)
    #expect(found.time == 42)
    #expect(recovery.abandoned() == [found])
    recovery.discard(document)
    #expect(recovery.state(of: document) == .none)
  }

  @Test func largeBasesAreNotCopied() throws {
    let base = [UInt8](repeating: 0x61, count: RecoveryFolder.snapshotLimit + 1)
    let journal = try #require(try recovery.begin(document, base: base))
    try journal.append([edit(0..<1, "b")])
    journal.close()
    guard case .recoverable(let found) = recovery.state(of: document) else {
      Issue.record("nothing to recover")
      return
    }
    #expect(found.needsBase)
    #expect(try found.contents(onDisk: base).first == 0x62)
    #expect(throws: StorageError.self) { try found.contents(onDisk: [1]) }
  }

  @Test func anotherBeginKeepsTheText() throws {
    let journal = try #require(try recovery.begin(document, base: [1], current: [1, 2]))
    try journal.append([JournalEdit(range: 0..<0, replacement: [0])])
    journal.close()
    guard case .recoverable(let found) = recovery.state(of: document) else {
      Issue.record("nothing to recover")
      return
    }
    #expect(try found.contents(onDisk: [1]) == [0, 1, 2])
    let next = try #require(try recovery.begin(document, base: [9]))
    next.discard()
    #expect(recovery.state(of: document) == .none)
    #expect(try SystemFiles().list(folder("state/recover")).isEmpty)
  }

  @Test func anyCutGivesAPrefix() throws {
    let base = Array("text".utf8)
    let journal = try #require(try recovery.begin(document, base: base))
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
        let found = RecoveredJournal(Array(whole.prefix(count)), isInterruptedSave: false),
        !found.needsBase
      else { continue }
      let text = try found.contents(onDisk: base)
      let index = try #require(texts.firstIndex(of: text), "cut at \(count)")
      #expect(index >= last, "cut at \(count)")
      last = index
    }
    #expect(last == 6)
  }

  @Test func damageNeverCrashes() throws {
    let base = Array("some text".utf8)
    let journal = try #require(try recovery.begin(document, base: base))
    for _ in 0..<4 { try journal.append([edit(0..<4, "more"), edit(5..<9, "words")]) }
    journal.close()
    let whole = try SystemFiles().readFile(journal.path).bytes
    for index in whole.indices {
      for flip in [UInt8(1), 0x80, 0xFF] {
        var damaged = whole
        damaged[index] ^= flip
        _ = try? RecoveredJournal(damaged, isInterruptedSave: false)?.contents(onDisk: base)
      }
    }
    let wild = JournalRecord.edits([edit(0..<1 << 40, "x")], time: 0).encoded()
    let found = try #require(RecoveredJournal(whole + wild, isInterruptedSave: false))
    #expect(throws: StorageError.self) { try found.contents(onDisk: base) }
  }

  @Test func aFullDiskLeavesTheJournalSound() throws {
    let probe = FaultyFiles()
    _ = try RecoveryFolder(folder("probe"), files: probe).begin(document, base: [1])
    for fault in [FaultyFiles.Fault.error(ENOSPC), .shortWrite] {
      let files = FaultyFiles(fault, at: probe.operations)
      let recovery = RecoveryFolder(folder("state/\(fault)"), files: files)
      // The folder above exists, so that the operations are those of the probe and the two that
      // create it are not among them.
      try SystemFiles().makeFolders(folder("state"))
      let journal = try #require(try recovery.begin(document, base: [1]))
      var appended: [UInt8] = [1]
      for byte in 2..<6 as Range<UInt8> {
        do throws(StorageError) {
          try journal.append([JournalEdit(range: 0..<0, replacement: [byte])])
          appended.insert(byte, at: 0)
        } catch {
          #expect(fault != .shortWrite)
        }
      }
      journal.close()
      guard case .recoverable(let found) = recovery.state(of: document) else {
        Issue.record("nothing to recover after \(fault)")
        continue
      }
      #expect(try found.contents(onDisk: [1]) == appended)
      #expect(appended.count >= 4)
    }
  }

  @Test func aDeadProcessLeavesItsJournal() throws {
    let journal = try #require(try recovery.begin(document, base: [1]))
    try journal.append([JournalEdit(range: 1..<1, replacement: [2])])
    let copy = folder("state/recover/0000000000000000.journal")
    shell("cp '\(journal.path)' '\(copy)'")
    #expect(recovery.abandoned().count == 1)
    journal.discard()
  }
}
