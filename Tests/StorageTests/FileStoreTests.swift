import Glibc
import Platform
import Testing

@testable import Storage

@Suite struct FileStoreTests {
  private let folder = TemporaryFolder()
  private var store: FileStore { FileStore(recovery: folder("recover")) }
  private let files = SystemFiles()

  private func write(_ name: String, _ text: String) -> String {
    shell("printf '%s' '\(text)' > '\(folder(name))'")
    return folder(name)
  }

  @Test func roundTripsAnyBytes() throws {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
    let saved = try store.save(bytes, to: folder("doc"), expecting: .missing)
    let loaded = try store.load(folder("doc"))
    #expect(loaded.bytes == bytes)
    #expect(loaded.identity?.hash == saved.identity.hash)
    #expect(loaded.identity?.inode == saved.identity.inode)
    #expect(loaded.identity?.changed == saved.identity.changed)
    #expect(saved.caution == nil)
    #expect(!loaded.isReadOnly)
  }

  @Test func aMissingFileIsANewDocument() throws {
    let loaded = try store.load(folder("none"))
    #expect(loaded.isNew)
    #expect(loaded.bytes.isEmpty)
    #expect(throws: StorageError.self) { try store.save([1], to: folder("no/folder")) }
  }

  @Test func specialFilesAreRefused() {
    shell("mkfifo '\(folder("fifo"))'")
    let cases = [
      ("/dev/null", FileStatus.Kind.device), (folder.path, .folder), (folder("fifo"), .fifo),
    ]
    for (path, kind) in cases {
      let error = StorageError(path: path, reason: .notAFile(kind))
      #expect(throws: error) { try store.load(path) }
      #expect(throws: error) { try store.save([1], to: path) }
    }
    #expect(
      "\(StorageError(path: "x", reason: .notAFile(.fifo)))" == "This is a fifo, not a file: x")
  }

  /// With its bytes replaced the name would be that of another file.
  @Test func aNameThatIsNotUTF8IsRefused() throws {
    shell("cd '\(folder.path)'; n=$(printf 'caf\\351.txt'); echo old >\"$n\"; ln -s \"$n\" link")
    let error = StorageError(path: folder("link"), reason: .leadsToNameNotUTF8)
    #expect(throws: error) { try store.load(folder("link")) }
    #expect(throws: error) { try store.save(Array("new".utf8), to: folder("link")) }
    #expect(try files.list(folder.path) == ["link"])
    #expect(shell("cd '\(folder.path)'; test $(cat caf*) = old && test $(ls | wc -l) = 2") == 0)
  }

  @Test func modesAttributesAndOwnersAreKept() throws {
    let path = write("doc", "old")
    shell("chmod 2754 '\(path)'")
    let file = try files.open(path, .write)
    let hasAttributes = (try? files.setAttribute(file, "user.palimpsest", [1, 2, 3])) != nil
    try files.close(file)
    let before = try files.status(at: path, followingLink: false)
    try store.save(Array("new".utf8), to: path)
    let after = try files.status(at: path, followingLink: false)
    #expect(after.mode == before.mode)
    #expect(after.user == before.user && after.group == before.group)
    #expect(after.inode != before.inode)
    if hasAttributes {
      let file = try files.open(path, .read)
      #expect(try files.attributes(of: file)["user.palimpsest"] == [1, 2, 3])
      try files.close(file)
    }
  }

  @Test func newFilesFollowTheUmask() throws {
    let mask = umask(0o027)
    defer { umask(mask) }
    try store.save([1], to: folder("new"))
    #expect(try files.status(at: folder("new"), followingLink: false).mode == 0o640)
  }

  @Test func linksAreKept() throws {
    let path = write("real", "old")
    shell("ln '\(path)' '\(folder("hard"))'; ln -s real '\(folder("soft"))'")
    shell("ln -s soft '\(folder("softer"))'")
    let loaded = try store.load(folder("softer"))
    #expect(loaded.path.hasSuffix("/real"))
    try store.save(Array("new and longer".utf8), to: folder("softer"))
    #expect(try store.load(folder("hard")).bytes == Array("new and longer".utf8))
    #expect(try files.status(at: folder("soft"), followingLink: false).kind == .symbolicLink)
    try store.save(Array("short".utf8), to: folder("hard"))
    #expect(try store.load(path).bytes == Array("short".utf8))
    #expect(try files.list(folder("recover")).isEmpty)
    shell("ln -s absent '\(folder("dangling"))'")
    try store.save([7], to: folder("dangling"), expecting: .missing)
    #expect(try store.load(folder("absent")).bytes == [7])
    shell("ln -s loop '\(folder("loop"))'")
    #expect(throws: StorageError.self) { try store.load(folder("loop")) }
  }

  @Test func changesOnDiskAreConflicts() throws {
    let path = write("doc", "one")
    let identity = try #require(try store.load(path).identity)
    shell("sleep 0.02; printf two > '\(path)'")
    #expect(throws: StorageError(path: path, reason: .changedOnDisk)) {
      try store.save([1], to: path, expecting: .unchanged(identity))
    }
    #expect(try store.load(path).bytes == Array("two".utf8))
    shell("printf one > '\(path)'; touch '\(path)'")
    let saved = try store.save(Array("mine".utf8), to: path, expecting: .unchanged(identity))
    try store.save(Array("again".utf8), to: path, expecting: .unchanged(saved.identity))
    #expect(throws: StorageError(path: path, reason: .appearedOnDisk)) {
      try store.save([1], to: path, expecting: .missing)
    }
    shell("rm '\(path)'")
    let gone = StorageError(path: path, reason: .removedFromDisk)
    #expect(gone.isConflict)
    #expect(throws: gone) { try store.save([1], to: path, expecting: .unchanged(saved.identity)) }
    try store.save([1], to: path)
  }

  /// With the time of the old bytes, long after they were read and right after.
  @Test(arguments: [true, false]) func asManyOtherBytesAreAChange(isLate: Bool) throws {
    let path = write("doc", "one")
    if isLate { shell("sleep 0.1") }
    let identity = try #require(try store.load(path).identity)
    #expect(identity.isRecent != isLate)
    if isLate { shell("sleep 0.1") }
    shell(
      "cd '\(folder.path)'; touch -r doc time; printf 1 | dd of=doc conv=notrunc; "
        + "touch -r time doc")
    #expect(throws: StorageError(path: path, reason: .changedOnDisk)) {
      try store.save([1], to: path, expecting: .unchanged(identity))
    }
  }

  /// Once the text is in its place, saving has not failed.
  @Test(arguments: [EIO, EACCES]) func aFolderThatCannotBeSynchronizedIsNoFailure(
    code: Int32
  ) throws {
    let probe = FaultyFiles()
    let path = write("doc", "old")
    func save(_ files: FaultyFiles) throws -> SavedFile {
      let store = FileStore(recovery: folder("recover"), files: files)
      return try store.save(
        Array("new".utf8), to: path, expecting: .unchanged(try #require(store.load(path).identity)))
    }
    _ = try save(probe)
    var cautions = 0
    for position in 0..<probe.operations {
      shell("printf old > '\(path)'; rm -rf '\(folder("recover"))'")
      let saved = try? save(FaultyFiles(.error(code), at: position))
      let isThere = try store.load(path).bytes == Array("new".utf8)
      #expect(isThere == (saved != nil), "operation \(position)")
      if let saved {
        cautions += saved.caution == nil ? 0 : 1
        // The file is known as it is now: the next save finds no other hand's work.
        try store.save(Array("newer".utf8), to: path, expecting: .unchanged(saved.identity))
      }
    }
    #expect((cautions > 0) == (code == EIO))
  }

  @Test func whatKilledSavesLeftIsKeptOrRemoved() throws {
    let path = write("doc", "old")
    let recovery = RecoveryFolder(folder("recover"))
    func leave(_ text: String) throws -> String {
      let temporary = try TemporaryFile(beside: path, permissions: 0o600, files)
      try files.writeAll(temporary.file, Array(text.utf8))
      try files.close(temporary.file)
      return temporary.path
    }
    let held = try TemporaryFile(beside: path, permissions: 0o600, files)
    let stranger = write(".doc.notes.palimpsest.txt", "mine")
    for text in ["", "old", "new"] { _ = try leave(text) }
    store.clearInterruptedSaves(beside: path, keepsTexts: true)
    let left = recovery.leftovers(of: path)
    #expect(try left.map { try recovery.text(of: $0, onDisk: []) } == [Array("new".utf8)])
    _ = try leave("newer")
    store.clearInterruptedSaves(beside: path, keepsTexts: false)
    #expect(recovery.leftovers(of: path) == left)
    let names = try files.list(folder.path).filter { $0.hasPrefix(".") }
    #expect(Set(names) == [Path.name(of: held.path), Path.name(of: stranger)])
    held.remove()
  }

  @Test(.enabled(if: getuid() != 0, "root may write anything"))
  func readOnlyFilesAreRefused() throws {
    let path = write("doc", "old")
    shell("chmod 444 '\(path)'")
    #expect(try store.load(path).isReadOnly)
    #expect(throws: StorageError(path: path, reason: .readOnly)) { try store.save([1], to: path) }
  }

  @Test(.enabled(if: getuid() != 0, "root may write anywhere"))
  func filesInReadOnlyFoldersAreWrittenInPlace() throws {
    try files.makeFolder(folder("closed"))
    let path = write("closed/doc", "old")
    shell("chmod 555 '\(folder("closed"))'")
    try store.save(Array("new".utf8), to: path)
    #expect(try store.load(path).bytes == Array("new".utf8))
  }

  @Test func errorsNameThePathAndTheReason() {
    let error = StorageError(
      path: "/a/b", reason: .system(action: "save", SystemError(code: ENOSPC)), copy: "/c")
    #expect("\(error)" == "Cannot save: No space left on device: /a/b; the new text is in /c")
  }

  @Test func directoriesFollowTheSpecification() {
    let set = ["XDG_STATE_HOME": "/state", "XDG_DATA_HOME": "relative", "HOME": "/home/me"]
    let directories = Directories(environment: { set[$0] }, home: "/nowhere")
    #expect(directories.state == "/state/palimpsest")
    #expect(directories.data == "/home/me/.local/share/palimpsest")
    #expect(directories.config == "/home/me/.config/palimpsest")
    #expect(directories.recovery == "/state/palimpsest/recover")
    #expect(Directories(environment: { _ in nil }, home: "/h").cache == "/h/.cache/palimpsest")
  }

  @Test func paths() {
    #expect(Path.folder(of: "/a") == "/")
    #expect(Path.folder(of: "a") == ".")
    #expect(Path.folder(of: "/a/b") == "/a")
    #expect(Path.join("/a", "b/c") == "/a/b/c")
    #expect(Path.join("/a", "/b") == "/b")
    #expect(Path.name(of: "/a/b") == "b")
  }
}
