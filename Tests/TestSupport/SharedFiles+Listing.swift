import Glibc

extension SharedFiles {
  /// Names in a folder, sorted, without those that begin with a dot; none where it cannot be read.
  public static func names(in folder: String) -> [String] {
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

  /// Folders `name` of every golden set at hand: `golden/open/NAME` and its likes.
  public static func goldenFolders(_ name: String) -> [String] {
    guard let root = path("golden") else { return [] }
    return names(in: root).map { "\(root)/\($0)/\(name)" }.filter { !names(in: $0).isEmpty }
  }

  /// The default model's base, where it was fetched.
  public static var baseModel: String? {
    let data = unsafe getenv("XDG_DATA_HOME").map { unsafe String(cString: $0) }
    let home = unsafe getenv("HOME").map { unsafe String(cString: $0) } ?? ""
    let path =
      (data ?? home + "/.local/share") + "/palimpsest/models/SmolLM2-135M-Instruct.Q4_1.gguf"
    return unsafe access(path, R_OK) == 0 ? path : nil
  }

  /// The bytes of a file, or nil.
  public static func bytes(_ path: String) -> [UInt8]? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = unsafe fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }
}
