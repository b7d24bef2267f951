import Glibc
import Testing

@testable import Storage

/// A save in which the Nth operation goes wrong, for every N, and four ways of going wrong. The
/// file is never missing, empty or partial, unless its complete contents wait in the recovery
/// folder.
@Suite struct SaveSweepTests {
  enum Target: CaseIterable {
    case plain, symbolicLink, hardLink, new
  }

  private static let old = Array(repeatElement(Array("the old text\n".utf8), count: 700).joined())
  private static let new = Array(repeatElement(Array("new words here\n".utf8), count: 500).joined())

  @Test(
    arguments: Target.allCases,
    [.error(ENOSPC), .error(EIO), .error(EPERM), .error(EDQUOT), .death, .tornDeath, .shortWrite]
      as [FaultyFiles.Fault])
  func neverLosesBoth(target: Target, fault: FaultyFiles.Fault) throws {
    let whole = FaultyFiles()
    try saveOnce(target, whole) { _, _, error in #expect(error == nil) }
    var rescued = 0
    for position in 0..<whole.operations + 1 {
      let files = FaultyFiles(fault, at: position)
      try saveOnce(target, files) { folder, path, error in
        let place: Comment = "\(target), \(fault) at operation \(position)"
        let present = try FileStore(recovery: folder("recover")).load(path)
        let isOld = target == .new ? present.isNew : present.bytes == Self.old
        let isNew = present.bytes == Self.new
        if error == nil { #expect(isNew, place) }
        if !isOld && !isNew {
          let recovery = RecoveryFolder(folder("recover"))
          guard let found = recovery.leftovers(of: present.path).first,
            case .interruptedSave = found.kind
          else {
            Issue.record("\(place): neither text is there")
            return
          }
          rescued += 1
          #expect(try recovery.text(of: found, onDisk: present.bytes) == Self.new, place)
        }
        if target == .hardLink {
          let other = try FileStore(recovery: folder("recover")).load(folder("other"))
          #expect(other.bytes == present.bytes, place)
        }
        if case .error = fault {
          let left = try SystemFiles().list(folder("work"))
          #expect(!left.contains { $0.hasSuffix(".palimpsest") } || error != nil, place)
        }
      }
    }
    // Dying in the middle of writing in place must have been among the cases.
    if target == .hardLink && fault == .tornDeath { #expect(rescued > 0) }
  }

  private func saveOnce(
    _ target: Target, _ files: FaultyFiles,
    _ check: (TemporaryFolder, String, StorageError?) throws -> Void
  ) throws {
    let folder = TemporaryFolder(inMemory: true)
    try SystemFiles().makeFolder(folder("work"))
    let path = folder("work/doc.txt")
    let store = FileStore(recovery: folder("recover"))
    switch target {
    case .plain: try store.save(Self.old, to: path)
    case .new: break
    case .symbolicLink:
      try store.save(Self.old, to: folder("other"))
      shell("ln -s ../other '\(path)'")
    case .hardLink:
      try store.save(Self.old, to: path)
      shell("ln '\(path)' '\(folder("other"))'")
    }
    let loaded = try store.load(path)
    let expectation = loaded.identity.map { Expectation.unchanged($0) } ?? .missing
    var failure: StorageError?
    do throws(StorageError) {
      try FileStore(recovery: folder("recover"), files: files)
        .save(Self.new, to: path, expecting: expectation)
    } catch {
      failure = error
    }
    try check(folder, path, failure)
  }
}
