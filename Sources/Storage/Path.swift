/// Paths as text.
public enum Path {
  /// The folder of `path`: "." for a bare name.
  public static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The part after the last slash.
  public static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// `path` as seen from `folder`; unchanged when absolute.
  public static func join(_ folder: String, _ path: String) -> String {
    if path.hasPrefix("/") { return path }
    return folder == "." ? path : folder.hasSuffix("/") ? folder + path : folder + "/" + path
  }
}
