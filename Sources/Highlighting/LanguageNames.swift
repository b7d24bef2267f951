internal import Strings

/// Which language a file is written in.
public enum LanguageNames {
  /// A pattern of file names, as `Glob` reads plain ones, and the language of those files.
  public struct FilePattern: Sendable, Equatable {
    public var pattern: String
    public var language: String

    public init(_ pattern: String, _ language: String) {
      self.pattern = pattern
      self.language = language
    }
  }

  /// Ends of file names, whole names, interpreters and what fences call them. The name of a language
  /// itself is one, too.
  private static let known: [(language: String, ends: String, names: String, words: String)] = [
    ("c", "c h", "", ""),
    ("cpp", "cpp cc cxx c++ hpp hh hxx h++ ipp ino cu", "", "c++"),
    ("css", "css scss less", "", ""),
    ("diff", "diff patch rej", "", ""),
    ("git-commit", "", "COMMIT_EDITMSG MERGE_MSG TAG_EDITMSG SQUASH_MSG", "gitcommit"),
    ("go", "go", "", "golang"),
    ("html", "html htm xhtml xml svg vue", "", ""),
    ("javascript", "js mjs cjs jsx", "", "node nodejs"),
    ("json", "json jsonl ndjson webmanifest geojson ipynb", ".eslintrc .prettierrc", "json5 jsonc"),
    ("latex", "tex ltx sty cls bib", "", "tex"),
    ("markdown", "md markdown mkd mdx", "README CHANGELOG", "md"),
    ("python", "py pyi pyw", "SConstruct SConscript wscript", "python2 python3 py3"),
    ("rust", "rs", "", ""),
    (
      "shell", "sh bash zsh ksh ebuild",
      ".bashrc .bash_profile .bash_aliases .profile .zshrc .zprofile .zshenv PKGBUILD APKBUILD",
      "dash ash console shell-session"
    ),
    ("swift", "swift", "", ""),
    ("toml", "toml", "Cargo.lock poetry.lock", ""),
    ("typescript", "ts mts cts tsx", "", "deno"),
    ("yaml", "yaml yml", ".clang-format .clang-tidy", ""),
  ]

  /// The name for no language.
  public static let plain = "text"

  /// Those that have rules in this program, by name.
  public static let all = known.map(\.language)

  private static let byWord: [String: String] = {
    var words: [String: String] = [:]
    for entry in known {
      for word in [entry.language] + split(entry.ends) + split(entry.words) {
        words[word] = words[word] ?? entry.language
      }
    }
    return words
  }()

  private static let byName: [String: String] = Dictionary(
    uniqueKeysWithValues: known.flatMap { entry in
      split(entry.names).map { ($0, entry.language) }
    })

  private static func split(_ text: String) -> [String] {
    text.split(separator: " ").map(String.init)
  }

  /// The language that a word names: its own name, an end of file names, or an interpreter. A word of
  /// that form which is not known names a language itself; nil for other text.
  public static func name(forWord word: String) -> String? {
    let word = word.lowercased()
    guard !word.isEmpty, word.utf8.count <= 40,
      word.utf8.allSatisfy({ byte in
        byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
          || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
          || "+-#_".utf8.contains(byte)
      })
    else { return nil }
    return byWord[word] ?? word
  }

  /// The language of a file by its name, or else by the interpreter that its first line calls; nil if
  /// neither is known. `patterns` go first.
  public static func name(
    forFile path: String?, firstLine: String, patterns: [FilePattern] = []
  ) -> String? {
    let file = path?.split(separator: "/").last.map(String.init) ?? ""
    if let found = patterns.first(where: { Glob($0.pattern, .plain).matches(file) }) {
      return found.language
    }
    if let language = byName[file] { return language }
    if let end = file.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last,
      let entry = known.first(where: { split($0.ends).contains(end.lowercased()) })
    {
      return entry.language
    }
    return interpreter(in: firstLine).flatMap { byWord[$0] }
  }

  /// The program in `#!/usr/bin/env -S python3.11 -u`, without its version.
  private static func interpreter(in line: String) -> String? {
    guard line.hasPrefix("#!") else { return line.hasPrefix("<?xml") ? "xml" : nil }
    let words = line.dropFirst(2).split(whereSeparator: \.isWhitespace)
    var programs = words.map { $0.split(separator: "/").last.map(String.init) ?? "" }
    if programs.first == "env" {
      programs.removeFirst()
      programs.removeAll { $0.hasPrefix("-") || $0.contains("=") }
    }
    guard let program = programs.first else { return nil }
    if byWord[program] != nil { return program }
    return String(program.prefix { !$0.isNumber && $0 != "." })
  }
}
