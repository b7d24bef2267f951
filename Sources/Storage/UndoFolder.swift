public import Platform

/// The folder of documents' undo, readable by the user alone: a file for each document, named by a hash
/// of its path.
public struct UndoFolder: Sendable {
  /// Bytes of a file. What was undone or done longest ago is left out.
  public static let largestFile = 2 << 20
  /// Files in the folder, and bytes of all. The files written longest ago are removed.
  public static let mostFiles = 200
  public static let mostBytes = 64 << 20

  public let path: String
  private let files: any FileSystem

  public init(
    _ path: String = Directories.current().undo, files: any FileSystem = SystemFiles()
  ) {
    self.path = path
    self.files = files
  }

  /// What there is for a document.
  public enum Found: Sendable, Equatable {
    case none
    /// It belongs to another text than the document has.
    case ofAnotherText
    /// `isWhole`: nothing of it is damaged.
    case undo(UndoFile, isWhole: Bool)
    /// None of it can be used, and why.
    case unusable(String)
  }

  /// Looks for the undo of the document at an absolute path, as its text is now. O(file).
  public func load(_ document: String, of base: UndoFile.Base) -> Found {
    let path = file(of: document)
    do {
      let bytes = try files.readFile(path, limit: 2 * UndoFolder.largestFile).bytes
      guard let (found, isWhole) = UndoFile.decode(bytes) else {
        return .unusable("\(path) is damaged")
      }
      // Two paths of one hash.
      guard found.document == document else { return .none }
      guard found.base == base else { return .ofAnotherText }
      return isWhole || !found.states.isEmpty
        ? .undo(found, isWhole: isWhole) : .unusable("\(path) is damaged")
    } catch let error as SystemError where error.code == SystemError.missing {
      return .none
    } catch {
      return .unusable("\(error)")
    }
  }

  /// Writes the undo of a document in place of what there was; removes that where nothing is left to
  /// keep. A reader finds the old file or the new one. Throws `SystemError` or `StorageError`.
  public func write(_ undo: UndoFile) throws {
    let path = file(of: undo.document)
    let (bytes, count) = undo.encoded(limit: UndoFolder.largestFile)
    guard count > 0 else {
      try? files.remove(path)
      return
    }
    try files.replaceFile(path, with: bytes)
    tidy()
  }

  /// Removes what there is for a document.
  public func remove(_ document: String) { try? files.remove(file(of: document)) }

  private static let ending = ".undo"

  private func file(of document: String) -> String {
    Path.join(path, EntryName.hash(document) + UndoFolder.ending)
  }

  /// Removes the files written longest ago where there are too many, and unfinished ones of processes
  /// that were killed.
  private func tidy() {
    let names = (try? files.list(path)) ?? []
    for name in names where name.hasSuffix(TemporaryFile.end) {
      files.claim(Path.join(path, name))?.remove()
    }
    let all = names.filter { $0.hasSuffix(UndoFolder.ending) }.compactMap {
      name -> (path: String, status: FileStatus)? in
      let path = Path.join(path, name)
      return (try? files.status(at: path, followingLink: false)).map { (path, $0) }
    }
    var bytes = 0
    for (index, file) in all.sorted(by: { $0.status.modified > $1.status.modified }).enumerated() {
      bytes += file.status.size
      if index >= UndoFolder.mostFiles || bytes > UndoFolder.mostBytes {
        try? files.remove(file.path)
      }
    }
  }
}
