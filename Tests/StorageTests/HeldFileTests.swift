import Glibc
import TestSupport
import Testing

@testable import Storage

/// Files that stay on disk while others write to them.
@Suite struct HeldFileTests {
  private let folder = TemporaryFolder()
  private var store: FileStore { FileStore(recovery: folder("recover")) }
  private let old = Array((0..<30_000).map { "line \($0)\n" }.joined().utf8)

  private func held(files: any FileSystem = SystemFiles()) throws -> (LoadedFile, HeldFile) {
    try FileStore(recovery: folder("recover"), files: files).save(old, to: folder("doc"))
    let loaded = try FileStore(recovery: folder("recover"), files: files)
      .load(folder("doc"), holdingFrom: 1)
    return (loaded, try #require(loaded.contents.held))
  }

  @Test(arguments: [
    ": > doc", "truncate -s 5 doc || { sleep 1; truncate -s 5 doc; }",
    "printf X | dd of=doc conv=notrunc bs=1 seek=7", "rm doc",
    "cp other doc", "mv other doc", "yes | head -c 900000 > doc", "cat other >> doc",
  ])
  func staysAsItWas(whatHappens: String) throws {
    let (loaded, file) = try held()
    shell("printf other > '\(folder("other"))'")
    #expect(try file.bytes(in: 10..<20) == Array(old[10..<20]))
    #expect(shell("cd '\(folder.path)'; \(whatHappens)") == 0)
    #expect(try loaded.contents.bytes() == old)
    #expect(try loaded.contents.hash() == ContentHash.hash(old))
    #expect(file.failure == nil)
    let identity = try #require(loaded.identity)
    #expect(throws: StorageError.self, "the change is noticed") {
      try store.save([1], to: folder("doc"), expecting: .unchanged(identity))
    }
  }

  /// The system gives no notice of a file that is open for writing: it is copied at once.
  @Test func aFileThatIsBeingWritten() throws {
    try store.save(old, to: folder("doc"))
    let writer = try SystemFiles().open(folder("doc"), .write)
    defer { try? SystemFiles().close(writer) }
    let loaded = try store.load(folder("doc"), holdingFrom: 1)
    try SystemFiles().truncate(writer, to: 3)
    #expect(loaded.contents.held != nil)
    #expect(try loaded.contents.bytes() == old)
  }

  /// Where there is no place for a file without a name, the copy is in memory.
  @Test func aFolderThatTakesNoCopy() throws {
    shell("printf file > '\(folder("recover"))'")
    let store = FileStore(recovery: folder("recover"))
    try store.save(old, to: folder("doc"))
    let loaded = try store.load(folder("doc"), holdingFrom: 1)
    shell(": > '\(folder("doc"))'")
    #expect(try loaded.contents.bytes() == old)
  }

  @Test func severalAtOnceAndManyOneAfterAnother() throws {
    let before = try SystemFiles().list("/proc/self/fd").count
    for round in 0..<50 {
      try store.save(old, to: folder("doc"))
      let loaded = try (0..<3).map { _ in try store.load(folder("doc"), holdingFrom: 1) }
      if round % 5 == 0 { shell("printf x >> '\(folder("doc"))'") }
      for one in loaded { #expect(try one.contents.bytes() == old) }
    }
    #expect(try SystemFiles().list("/proc/self/fd").count <= before + 8)
  }

  /// A copy that is made ahead of time, with nobody waiting for it.
  @Test func aProcessThatIsToBeStopped() throws {
    let (loaded, file) = try held()
    try file.secure()
    try file.secure()
    shell(": > '\(folder("doc"))'")
    #expect(try loaded.contents.bytes() == old)
  }

  /// Saving over the held file itself, also where that has to be done in place.
  @Test(arguments: [false, true])
  func savingOverIt(isInPlace: Bool) throws {
    let (loaded, _) = try held()
    if isInPlace { shell("ln '\(folder("doc"))' '\(folder("other"))'") }
    let count = old.count + 3
    let new = Contents(count: count) { body throws(SystemError) in
      try body(Array("new".utf8)[...])
      try loaded.contents.forEachPart(body)
    }
    let saved = try store.save(new, to: folder("doc"))
    let expected = Array("new".utf8) + old
    #expect(try store.load(folder("doc")).bytes == expected)
    #expect(saved.identity.hash == ContentHash.hash(expected))
    #expect(try loaded.contents.bytes() == old)
  }

  /// What cannot be read is never written as something else.
  @Test func aDiskThatFails() throws {
    _ = try held()
    let files = FaultyFiles(.error(EIO), at: .max)
    let (_, whole) = try held(files: files)
    _ = try whole.bytes(in: 0..<10)
    let position = files.operations
    let faulty = FaultyFiles(.error(EIO), at: position - 1)
    let (loaded, file) = try held(files: faulty)
    #expect(throws: SystemError(code: EIO)) { try file.bytes(in: 0..<10) }
    #expect(file.failure == SystemError(code: EIO))
    #expect(try loaded.contents.bytes() == old)
    #expect(file.failure != nil, "once is enough")
  }

  @Test func hashesDoNotDependOnParts() {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    for _ in 0..<200 {
      let bytes = Array(old.prefix(random.below(300)))
      var hasher = ContentHasher(count: bytes.count)
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = rest.prefix(random.below(70))
        hasher.add(part)
        rest = rest.dropFirst(part.count)
      }
      #expect(hasher.hash == ContentHash.hash(bytes), "seed \(seed)")
    }
    #expect(ContentHash.hash(Array("Palimpsest, a text editor for the terminal.".utf8)) == known)
  }

  /// Journals on disk name texts by it.
  private let known: UInt64 = 0xB907_C5C2_D5BE_9E56

  // MARK: Journals

  /// Edits wait until the hash of the file is known, and no longer.
  @Test(arguments: [true, false])
  func editsWaitForTheHash(isClosedBefore: Bool) throws {
    let (loaded, file) = try held()
    let recovery = RecoveryFolder(folder("recover"))
    let keeper = JournalKeeper(recovery, document: loaded.path, base: loaded.contents)
    let now = ContinuousClock.now
    keeper.record([JournalEdit(range: 0..<4, replacement: Array("LINE".utf8))])
    #expect(keeper.advance(now: now) { loaded.contents } == nil)
    #expect(keeper.path == nil && keeper.keepsEdits)
    if !isClosedBefore {
      file.keep(hash: ContentHash.hash(old))
      #expect(keeper.advance(now: now) { loaded.contents } == nil)
      #expect(keeper.path != nil)
    }
    keeper.close()
    let left = try #require(recovery.leftovers(of: loaded.path).first)
    #expect(left.journal?.editCount == 1)
    #expect(left.journal?.begins(from: old) == true)
    #expect(try recovery.start(of: left, onDisk: loaded.contents).bytes() == old)
  }

  /// Edits that cannot be kept are told of, not waited with.
  @Test func aBaseThatCannotBeRead() throws {
    _ = try held()
    let files = FaultyFiles()
    let (loaded, file) = try held(files: files)
    let faulty = FaultyFiles(.error(EIO), at: files.operations)
    let (again, failing) = try held(files: faulty)
    _ = (loaded, file)
    #expect(throws: SystemError(code: EIO)) { try failing.bytes(in: 0..<10) }
    let keeper = JournalKeeper(
      RecoveryFolder(folder("recover")), document: again.path, base: again.contents)
    #expect(keeper.advance(now: .now) { again.contents } == nil)
    keeper.record([JournalEdit(range: 0..<4, replacement: Array("LINE".utf8))])
    let news = keeper.advance(now: .now) { again.contents }
    guard case .failing(let error)? = news else {
      Issue.record("\(String(describing: news))")
      return
    }
    #expect("\(error)".hasPrefix("Cannot read: Input/output error: "))
    #expect(!keeper.keepsEdits && keeper.nextTime != nil)
  }

  /// The text that edits begin from is copied from the held file, whatever has become of its name.
  @Test func theBaseIsCopied() async throws {
    let (loaded, _) = try held()
    _ = try loaded.contents.hash()
    let recovery = RecoveryFolder(folder("recover"))
    let big = Contents(count: 8 * old.count) { body throws(SystemError) in
      for _ in 0..<8 { try loaded.contents.forEachPart(body) }
    }
    #expect(big.count > RecoveryFolder.snapshotLimit)
    let keeper = JournalKeeper(recovery, document: loaded.path, base: big)
    keeper.record([JournalEdit(range: 0..<4, replacement: Array("LINE".utf8))])
    shell("rm '\(loaded.path)'")
    #expect(keeper.advance(now: .now) { big } == nil)
    await keeper.backgroundWork?.value
    keeper.close()
    let left = try #require(recovery.leftovers(of: loaded.path).first)
    let start = try recovery.start(of: left, onDisk: Contents([]), holdingFrom: 1)
    #expect(start.held != nil)
    #expect(try start.bytes() == Array(repeatElement(old, count: 8).joined()))
  }
}
