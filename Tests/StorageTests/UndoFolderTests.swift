import Glibc
import TestSupport
import Testing

@testable import Storage

struct UndoFolderTests {
  private let folder = TemporaryFolder()
  private var undo: UndoFolder { UndoFolder(folder("state/undo")) }
  private let base = UndoFile.Base(hash: 7, format: "utf-8")

  private func state(_ number: Int, next neighbour: Int, bytes: Int = 1) -> UndoFile.State {
    UndoFile.State(
      number: number, time: 1000 + number, neighbour: neighbour, isLater: false,
      isPreferred: number % 2 == 0, label: "typing é", selections: [1, 2, 3, 4],
      forward: [JournalEdit(range: 0..<2, replacement: Array(repeating: 65, count: bytes))],
      backward: [
        JournalEdit(range: 0..<bytes, replacement: [66, 0]),
        JournalEdit(range: 9..<9, replacement: []),
      ])
  }

  private func file(_ document: String = "/a/note.txt", _ states: Int = 3) -> UndoFile {
    UndoFile(
      document: document, base: base, number: states, time: 99,
      states: (0..<states).map { state(states - 1 - $0, next: $0) })
  }

  @Test func whatIsWrittenIsRead() throws {
    #expect(undo.load("/a/note.txt", of: base) == .none)
    try undo.write(file())
    #expect(undo.load("/a/note.txt", of: base) == .undo(file(), isWhole: true))
    #expect(undo.load("/a/other.txt", of: base) == .none)
    for other in [UndoFile.Base(hash: 8, format: "utf-8"), .init(hash: 7, format: "utf-16le")] {
      #expect(undo.load("/a/note.txt", of: other) == .ofAnotherText)
    }
    // Nothing is left to keep.
    try undo.write(file("/a/note.txt", 0))
    #expect(undo.load("/a/note.txt", of: base) == .none)
  }

  @Test func onlyTheUserReadsIt() throws {
    try undo.write(file())
    let name = try #require(try SystemFiles().list(undo.path).first)
    #expect(try SystemFiles().list(undo.path).count == 1)
    let path = Path.join(undo.path, name)
    #expect(try SystemFiles().status(at: path, followingLink: false).mode == 0o600)
    #expect(try SystemFiles().status(at: undo.path, followingLink: false).mode == 0o700)
  }

  /// Cut off anywhere, the file gives the first states that are whole, or is refused.
  @Test func aFileThatIsCutOffGivesAPart() throws {
    let bytes = file().encoded(limit: .max).bytes
    var counts: Set<Int> = []
    for end in 0..<bytes.count {
      guard let (found, isWhole) = UndoFile.decode(Array(bytes[..<end])) else { continue }
      #expect(!isWhole && found.states == Array(file().states.prefix(found.states.count)))
      counts.insert(found.states.count)
    }
    #expect(counts == [0, 1, 2])
    #expect(UndoFile.decode(bytes)?.file == file())
  }

  @Test func damagedBytesEndTheList() {
    let seed = Property.seed
    var mutator = Mutator(seed: Int(truncatingIfNeeded: seed))
    let bytes = file().encoded(limit: .max).bytes
    for round in 0..<2000 {
      guard let (found, _) = UndoFile.decode(mutator.binary(bytes)) else { continue }
      #expect(
        found.document != file().document || found.base != base
          || found.states == Array(file().states.prefix(found.states.count)),
        "seed \(seed), round \(round)")
    }
  }

  @Test func damageIsReported() throws {
    try undo.write(file())
    let name = try #require(try SystemFiles().list(undo.path).first)
    shell("printf 'palimpsest undo' > '\(Path.join(undo.path, name))'")
    guard case .unusable(let reason) = undo.load("/a/note.txt", of: base) else {
      Issue.record("not refused")
      return
    }
    #expect(reason.contains(name) && reason.contains("damaged"))
    shell("rm '\(Path.join(undo.path, name))' && mkdir '\(Path.join(undo.path, name))'")
    guard case .unusable = undo.load("/a/note.txt", of: base) else {
      Issue.record("a folder is not refused")
      return
    }
  }

  /// A state that is too large is left out, with those reached through it; the others stay.
  @Test func thereIsALimit() throws {
    var large = file()
    large.states = [
      state(9, next: 0), state(8, next: 0, bytes: 5000), state(7, next: 2), state(6, next: 1),
    ]
    let (bytes, count) = large.encoded(limit: 2000)
    #expect(count == 2 && bytes.count <= 2000)
    let found = try #require(UndoFile.decode(bytes))
    #expect(found.isWhole)
    #expect(found.file.states == [state(9, next: 0), state(6, next: 1)])
    let many = file("/a", 100_000).encoded(limit: UndoFolder.largestFile)
    #expect(many.bytes.count <= UndoFolder.largestFile)
    #expect(many.bytes.count > UndoFolder.largestFile - 1000)
    #expect(UndoFile.decode(many.bytes)?.file.states.count == many.count)
  }

  @Test func thereAreNotTooManyFiles() throws {
    for number in 0..<(UndoFolder.mostFiles + 20) { try undo.write(file("/\(number)", 1)) }
    #expect(try SystemFiles().list(undo.path).count == UndoFolder.mostFiles)
    #expect(undo.load("/\(UndoFolder.mostFiles + 19)", of: base) != .none)
  }

  /// A failure or a death at any operation leaves the old file or the new one.
  @Test func aFailureLeavesAWholeFile() throws {
    for fault in [FaultyFiles.Fault.error(ENOSPC), .tornError(ENOSPC), .death] {
      for position in 0..<30 {
        undo.remove("/a/note.txt")
        try undo.write(file())
        let faulty = UndoFolder(undo.path, files: FaultyFiles(fault, at: position))
        try? faulty.write(file("/a/note.txt", 5))
        let found = undo.load("/a/note.txt", of: base)
        #expect(
          found == .undo(file(), isWhole: true)
            || found == .undo(file("/a/note.txt", 5), isWhole: true), "\(fault) at \(position)")
      }
    }
    // What a death has left is removed by the next one.
    try undo.write(file())
    #expect(try SystemFiles().list(undo.path).count == 1)
  }
}
