import Glibc

/// Reference data: what the repository has of it in Tests/Fixtures, and other sets at the same paths.
public enum SharedFiles {
  /// Absolute path of the package's root folder. O(1).
  public static var packageRoot: String {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    let fromSource = parts.dropLast(3).joined(separator: "/")
    // A build through linked folders names files by the folder it was started in.
    return exists(fromSource + "/Package.swift") ? fromSource : "."
  }

  /// Absolute path of `relative` in Tests/Fixtures, or nil where it is not there. `PALIMPSEST_SHARED`
  /// names a folder that is looked at first.
  public static func path(_ relative: String) -> String? {
    var roots = [packageRoot + "/Tests/Fixtures"]
    if let value = unsafe getenv("PALIMPSEST_SHARED") {
      unsafe roots.insert(String(cString: value), at: 0)
    }
    return roots.map { $0 + "/" + relative }.first(where: exists)
  }

  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
}
