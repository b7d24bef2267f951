internal import Glibc
internal import Strings

/// A pattern for paths of files, as `Glob` reads plain ones: `*` stands for any characters, slashes among
/// them.
package struct PathPattern: Equatable, Sendable {
  private let pattern: Glob
  /// Matches one name of a path.
  private let isName: Bool

  /// `~/` at the beginning is the home folder. A pattern without a slash is one for names.
  package init(_ text: String, home: String) {
    let isBelowHome = text.hasPrefix("~/")
    let whole = isBelowHome ? home + text.dropFirst(1) : text
    isName = !whole.contains("/")
    pattern = Glob(whole.hasSuffix("/") ? whole + "*" : whole, .plain)
  }

  /// Whether an absolute path matches, or one of the folders that it is in. O(path · pattern).
  package func matches(_ path: String) -> Bool {
    isName
      ? path.split(separator: "/").contains { pattern.matches($0) } : pattern.matches(path)
  }
}

extension Files {
  /// The path from the root, as it was given and with links resolved; the same where the file does
  /// not exist or is no link.
  package static func absolutePaths(of path: String) -> [String] {
    var given = path
    if !path.hasPrefix("/"), let folder = unsafe getcwd(nil, 0) {
      given = unsafe String(cString: folder) + "/" + path
      unsafe free(folder)
    }
    guard let resolved = unsafe realpath(path, nil) else {
      // A file that does not exist yet is in a folder that does.
      guard let slash = given.lastIndex(of: "/"), slash > given.startIndex,
        let folder = unsafe realpath(String(given[..<slash]), nil)
      else { return [given] }
      defer { unsafe free(folder) }
      return [given, unsafe String(cString: folder) + given[slash...]]
    }
    defer { unsafe free(resolved) }
    return [given, unsafe String(cString: resolved)]
  }
}
