/// Lists the files of a folder and of the folders in it, for a choice of what to open. Hidden files,
/// files that `.gitignore` excludes and names that are not UTF-8 are left out; links to folders are
/// not followed.
public struct FileWalk: Sendable {
  public enum End: Sendable, Equatable {
    case complete
    /// There are more files, or deeper ones, than the limits allow.
    case limited
    /// `found` wanted no more.
    case stopped
  }

  private let root: String
  private let files: any FileSystem
  private let mostFiles: Int
  private let mostFolders: Int
  private let mostDepth: Int

  /// A walk from `root`. `mostDepth` counts the folders in a path.
  public init(
    _ root: String, mostFiles: Int = 20_000, mostFolders: Int = 5_000, mostDepth: Int = 16,
    files: any FileSystem = SystemFiles()
  ) {
    self.root = root
    self.files = files
    self.mostFiles = mostFiles
    self.mostFolders = mostFolders
    self.mostDepth = mostDepth
  }

  private struct Folder {
    /// Names from the root to it.
    var path: [String]
    /// Rules that hold in it, each with the number of names from the root to their folder; those of
    /// folders above the root have a negative number, and `above` has the names in between.
    var rules: [(rules: IgnoreRules, depth: Int)]
  }

  /// Calls `found` with the paths of the files in a folder, relative to the root and sorted, folder
  /// by folder, those nearer to the root first; stops where it returns false.
  public func run(_ found: ([String]) -> Bool) -> End {
    let (above, rulesAbove) = rulesAboveRoot()
    var waiting = [Folder(path: [], rules: rulesAbove)][...]
    var (fileCount, folderCount) = (0, 0)
    var isLimited = false
    while var folder = waiting.popFirst() {
      folderCount += 1
      guard folderCount <= mostFolders else { return .limited }
      let path =
        folder.path.isEmpty ? root : Path.join(root, folder.path.joined(separator: "/"))
      let names = ((try? files.list(path)) ?? []).sorted()
      if names.contains(Self.ignoreFile), let rules = rules(in: path) {
        folder.rules.append((rules, folder.path.count))
      }
      var paths: [String] = []
      for name in names where !name.hasPrefix(".") {
        guard let isFolder = kind(of: Path.join(path, name)) else { continue }
        let below = folder.path + [name]
        guard !Self.ignores(below, above: above, isFolder: isFolder, by: folder.rules) else {
          continue
        }
        if !isFolder {
          paths.append(below.joined(separator: "/"))
        } else if below.count <= mostDepth {
          waiting.append(Folder(path: below, rules: folder.rules))
        } else {
          isLimited = true
        }
      }
      let room = mostFiles - fileCount
      fileCount += min(room, paths.count)
      if !paths.isEmpty, !found(Array(paths.prefix(room))) { return .stopped }
      if paths.count > room { return .limited }
    }
    return isLimited ? .limited : .complete
  }

  private static let ignoreFile = ".gitignore"
  /// Bytes of a file of rules that are read at most.
  private static let largestRules = 1 << 20

  /// Whether it is a folder; nil for what is neither folder nor file.
  private func kind(of path: String) -> Bool? {
    guard let status = try? files.status(at: path, followingLink: false) else { return nil }
    switch status.kind {
    case .regular: return false
    case .folder: return true
    case .symbolicLink:
      let target = try? files.status(at: path, followingLink: true)
      return target?.kind == .regular ? false : nil
    case .fifo, .socket, .device: return nil
    }
  }

  private func rules(in folder: String) -> IgnoreRules? {
    let file = Path.join(folder, Self.ignoreFile)
    guard let bytes = try? files.readFile(file, limit: Self.largestRules).bytes else { return nil }
    let rules = IgnoreRules(String(decoding: bytes, as: UTF8.self))
    return rules.isEmpty ? nil : rules
  }

  /// The rules of the last folder that is about the path hold.
  private static func ignores(
    _ path: [String], above: [String], isFolder: Bool, by rules: [(rules: IgnoreRules, depth: Int)]
  ) -> Bool {
    let whole = above + path
    for (rules, depth) in rules.reversed() {
      let below = Array(whole.dropFirst(above.count + depth))
      if let ignores = rules.ignores(below, isFolder: isFolder) { return ignores }
    }
    return false
  }

  /// Rules of the folders between the root of the repository and the root of the walk, the outermost
  /// first, with the names in between; none outside of a repository.
  private func rulesAboveRoot() -> (names: [String], rules: [(rules: IgnoreRules, depth: Int)]) {
    var folder = root
    if !folder.hasPrefix("/") {
      guard let working = try? files.workingFolder() else { return ([], []) }
      folder = folder == "." ? working : Path.join(working, folder)
    }
    var names: [String] = []
    var rules: [(rules: IgnoreRules, depth: Int)] = []
    while true {
      if (try? files.status(at: Path.join(folder, ".git"), followingLink: true)) != nil {
        return (names, rules)
      }
      let parent = Path.folder(of: folder)
      guard parent != folder else { return ([], []) }
      names.insert(Path.name(of: folder), at: 0)
      folder = parent
      if let found = self.rules(in: folder) { rules.insert((found, -names.count), at: 0) }
    }
  }
}
