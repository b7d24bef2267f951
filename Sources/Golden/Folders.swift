internal import Glibc

/// What a run needs to know of the file system.
enum Folders {
  static func exists(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

  /// Names in a folder, sorted, without those that begin with a dot; none where it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let handle = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(handle) }
    var names: [String] = []
    while let entry = unsafe readdir(handle) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// `root` and the folders at most three levels below it, parents first.
  static func below(_ root: String, depth: Int = 3) -> [String] {
    let root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
    guard depth > 0 else { return [root] }
    return [root]
      + names(in: root).map { "\(root)/\($0)" }.filter(isFolder).flatMap {
        below($0, depth: depth - 1)
      }
  }

  private static func isFolder(_ path: String) -> Bool {
    guard let handle = unsafe opendir(path) else { return false }
    unsafe closedir(handle)
    return true
  }
}
