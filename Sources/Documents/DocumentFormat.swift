/// How a document's text is marked up, as far as its name tells.
public enum DocumentFormat: String, Sendable, CaseIterable {
  case markdown, html, org, reStructuredText, latex

  /// By the ending of a path; nil for plain text and unknown endings.
  public init?(path: String) {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
    switch path[path.index(after: dot)...].lowercased() {
    case "md", "markdown", "mdown", "mkd", "qmd", "rmd": self = .markdown
    case "html", "htm", "xhtml": self = .html
    case "org": self = .org
    case "rst": self = .reStructuredText
    case "tex", "ltx", "latex": self = .latex
    default: return nil
    }
  }
}
