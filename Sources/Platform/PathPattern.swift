internal import Glibc

/// A pattern for paths of files: `*` stands for any characters, slashes among them, `?` for one, and
/// `[…]` for one of several (fnmatch).
package struct PathPattern: Equatable, Sendable {
  private let text: String

  /// `~/` at the beginning is the home folder. A pattern without a slash is one for names.
  package init(_ text: String, home: String) {
    let isBelowHome = text.hasPrefix("~/")
    self.text = isBelowHome ? home + text.dropFirst(1) : text
  }

  /// Whether an absolute path matches, or one of the folders that it is in. O(path · pattern).
  package func matches(_ path: String) -> Bool {
    guard text.contains("/") else {
      return path.split(separator: "/").contains { fits(String($0)) }
    }
    let plain = text.hasSuffix("/") ? text + "*" : text
    return unsafe fnmatch(plain, path, 0) == 0
  }

  private func fits(_ name: String) -> Bool { unsafe fnmatch(text, name, 0) == 0 }
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
