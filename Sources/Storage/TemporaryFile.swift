/// A new file beside the one it is to replace, so that a rename can put it there.
struct TemporaryFile {
  let path: String
  let file: Int32
  private let files: any FileSystem

  /// Creates a hidden file of a name nobody uses.
  init(
    beside target: String, permissions: UInt32, _ files: any FileSystem
  ) throws(SystemError) {
    let name = String(decoding: Path.name(of: target).utf8.prefix(180), as: UTF8.self)
    let folder = Path.folder(of: target)
    self.files = files
    while true {
      let suffix = String(UInt64.random(in: 0...UInt64.max), radix: 36)
      let path = Path.join(folder, ".\(name).\(suffix).palimpsest")
      do throws(SystemError) {
        file = try files.open(path, .create(permissions: permissions))
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
