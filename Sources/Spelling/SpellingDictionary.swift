/// The files of a dictionary.
public struct SpellingDictionary: Sendable, Equatable {
  /// Such as `en_US`.
  public let name: String
  public let affixes: String
  public let words: String

  /// Folders of the system that have dictionaries.
  public static let systemFolders = [
    "/usr/local/share/hunspell", "/usr/share/hunspell", "/usr/share/myspell/dicts",
  ]

  /// The dictionary of a language, or else one of the same language in another country, from the first
  /// folder that has it. `files` returns the names in a folder.
  public static func find(
    _ name: String, in folders: [String], files: (String) -> [String]
  ) -> SpellingDictionary? {
    let all = folders.flatMap { folder in
      files(folder).filter { $0.hasSuffix(".dic") }.sorted().map { (folder, $0.dropLast(4)) }
    }
    let language = name.prefix { $0 != "_" }
    let found =
      all.first { $0.1 == name } ?? all.first { $0.1 == language }
      ?? all.first { $0.1.prefix { $0 != "_" } == language && !$0.1.hasPrefix("hyph") }
    guard let (folder, found) = found, files(folder).contains(found + ".aff") else { return nil }
    return SpellingDictionary(
      name: String(found), affixes: "\(folder)/\(found).aff", words: "\(folder)/\(found).dic")
  }

  /// The language of a locale such as `de_DE.UTF-8@euro`, from the first of the variables that is set;
  /// `en_US` for none, and for `C` and `POSIX`.
  public static func language(ofLocale variables: [String?]) -> String {
    let locale = variables.compactMap(\.self).first { !$0.isEmpty } ?? ""
    let name = String(locale.prefix { $0 != "." && $0 != "@" })
    return name.count < 2 || name == "POSIX" ? "en_US" : name
  }
}
