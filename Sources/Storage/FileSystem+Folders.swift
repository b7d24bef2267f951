extension FileSystem {
  /// Creates `path` and what it lies in, each for the user alone; nothing happens where it exists.
  public func makeFolders(_ path: String) throws(SystemError) {
    do {
      try makeFolder(path)
    } catch  where error.code == SystemError.exists {
      return
    } catch  where error.code == SystemError.missing {
      let parent = Path.folder(of: path)
      guard parent != path else { throw error }
      try makeFolders(parent)
      try makeFolder(path)
    }
  }
}
