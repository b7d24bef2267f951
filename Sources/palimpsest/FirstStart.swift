internal import Commands
internal import Platform

/// Whether the tour is shown at the start. A marker file records that it was closed.
enum FirstStart {
  /// Not for a program that has a text edited, as git does, nor for text from a pipe.
  ///
  /// - Parameters:
  ///   - paths: of the documents.
  ///   - file: what `remember` makes.
  static func showsTour(
    paths: [String], hasTerminal: Bool, file: String, variable: (String) -> String?
  ) -> Bool {
    hasTerminal && variable("GIT_EXEC_PATH") == nil && !paths.contains(where: isGits)
      && !Files.exists(file)
  }

  /// Whether a path is one of git's own files, such as a commit message or a rebase list.
  private static func isGits(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    return parts.dropLast().contains(".git")
      || ["COMMIT_EDITMSG", "MERGE_MSG", "TAG_EDITMSG", "git-rebase-todo"].contains(parts.last)
  }

  /// Records that the tour was closed. If that fails, the tour is shown again.
  static func remember(in file: String) {
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    try? Files.makeFolder(folder.joined(separator: "/"), permissions: 0o700)
    try? Files.write(Array("palimpsest tour 1\n".utf8), to: file)
  }
}
