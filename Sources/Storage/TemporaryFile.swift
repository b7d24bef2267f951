extension FileStore {
  /// Clears temporary files of killed saves beside a file, named as by `resolve`. With
  /// `keepsTexts`, each text that differs from the file is moved to the recovery folder, which
  /// offers it; otherwise it is removed. Files that another process is writing are kept.
  public func clearInterruptedSaves(beside target: String, keepsTexts: Bool) {
    let folder = Path.folder(of: target)
    for name in (try? files.list(folder)) ?? [] where TemporaryFile.stands(name, for: target) {
      let path = Path.join(folder, name)
      guard let status = try? files.status(at: path, followingLink: false),
        status.kind == .regular, let claim = files.claim(path)
      else { continue }
      defer { claim.close() }
      if keepsTexts, status.size > 0 {
        guard let text = try? files.readFile(path).bytes else { continue }
        let present = try? files.readFile(target).bytes
        if text != present {
          guard let copy = try? recovery.keepCopy(of: text, for: target) else { continue }
          copy.close()
        }
      }
      claim.remove()
    }
  }
}

/// A new file beside the one it is to replace, so that a rename can put it there.
struct TemporaryFile {
  let path: String
  let file: Int32
  private let files: any FileSystem

  static let end = ".palimpsest"

  private static func start(for target: String) -> String {
    ".\(String(decoding: Path.name(of: target).utf8.prefix(180), as: UTF8.self))."
  }

  /// Whether a file of this name was made to replace `target`.
  static func stands(_ name: String, for target: String) -> Bool {
    guard name.hasSuffix(end) else { return false }
    let start = start(for: target)
    guard name.hasPrefix(start),
      name.utf8.count > start.utf8.count + end.utf8.count
    else { return false }
    let suffix = name.utf8.dropFirst(start.utf8.count).dropLast(end.utf8.count)
    return suffix.count <= 13
      && suffix.allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
  }

  /// Creates a hidden file with an unused name.
  init(
    beside target: String, permissions: UInt32, _ files: any FileSystem
  ) throws(SystemError) {
    let start = TemporaryFile.start(for: target)
    let folder = Path.folder(of: target)
    self.files = files
    while true {
      let suffix = String(UInt64.random(in: 0...UInt64.max), radix: 36)
      let path = Path.join(folder, start + suffix + TemporaryFile.end)
      do throws(SystemError) {
        file = try files.open(path, .create(permissions: permissions))
        // Locked until the end: any process may remove such a file if it is not locked.
        _ = try? files.lock(file)
        self.path = path
        return
      } catch  where error.code == SystemError.exists {
        continue
      }
    }
  }

  /// Closes the file and removes it, unless it has been renamed.
  func remove() {
    try? files.close(file)
    try? files.remove(path)
  }
}

extension FileSystem {
  /// Writes a file that this user alone can read, in place of one that may be there, with the folders
  /// it is in. A reader finds the old file or the new one, whole. Durable with the next `sync` of its
  /// folder.
  func replaceFile(_ path: String, with bytes: [UInt8]) throws(SystemError) {
    try makeFolders(Path.folder(of: path))
    let temporary = try TemporaryFile(beside: path, permissions: 0o600, self)
    do throws(SystemError) {
      try writeAll(temporary.file, bytes)
      try synchronizeData(temporary.file)
      try rename(temporary.path, to: path, replacing: true)
    } catch {
      temporary.remove()
      throw error
    }
    try? close(temporary.file)
  }
}
