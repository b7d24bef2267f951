internal import CHunspell

/// A dictionary of hunspell with words of the user. To be used by one task at a time.
@safe
public final class SpellChecker {
  private let library: libhunspell_functions
  private let handle: OpaquePointer
  private let encoding: DictionaryEncoding

  /// Longer words are taken for right: hunspell is made for words of people.
  private static let longestWord = 64

  /// Loads hunspell, once a process, and the dictionary: a tenth of a second for large ones. Hunspell
  /// takes a file that is broken for one without words.
  public init(_ dictionary: SpellingDictionary) throws(SpellingError) {
    var missing: UnsafePointer<CChar>?
    guard let library = unsafe libhunspell(&missing)?.pointee else {
      throw unsafe .missingLibrary(String(cString: missing!))
    }
    guard let handle = unsafe library.Hunspell_create(dictionary.affixes, dictionary.words) else {
      throw .unusable(dictionary: dictionary.words, reason: "no memory")
    }
    let name = unsafe library.Hunspell_get_dic_encoding(handle).map { unsafe String(cString: $0) }
    guard let encoding = DictionaryEncoding(name ?? "UTF-8") else {
      unsafe library.Hunspell_destroy(handle)
      throw .unusable(dictionary: dictionary.words, reason: "unknown encoding \(name ?? "")")
    }
    self.library = library
    unsafe self.handle = handle
    self.encoding = encoding
  }

  deinit { unsafe library.Hunspell_destroy(handle) }

  /// Whether a word is spelt as the dictionary has it, or is none that it could have.
  public func isRight(_ word: String) -> Bool {
    guard word.utf8.count <= Self.longestWord,
      let bytes = encoding.bytes(of: word.replacing("\u{2019}", with: "'"))
    else { return true }
    return unsafe bytes.withUnsafeBufferPointer {
      unsafe library.Hunspell_spell(handle, $0.baseAddress) != 0
    }
  }

  /// Words that may be meant, the likeliest first. May take a second.
  public func suggestions(for word: String) -> [String] {
    guard word.utf8.count <= Self.longestWord, let bytes = encoding.bytes(of: word) else {
      return []
    }
    var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    let count = unsafe bytes.withUnsafeBufferPointer {
      unsafe library.Hunspell_suggest(handle, &list, $0.baseAddress)
    }
    defer { unsafe library.Hunspell_free_list(handle, &list, count) }
    guard let list = unsafe list, count > 0 else { return [] }
    return (0..<Int(count)).compactMap { index in
      unsafe list[index].flatMap { unsafe encoding.text(of: $0) }
    }
  }

  /// Takes a word for right from now on.
  public func add(_ word: String) {
    guard let bytes = encoding.bytes(of: word) else { return }
    _ = unsafe bytes.withUnsafeBufferPointer { unsafe library.Hunspell_add(handle, $0.baseAddress) }
  }
}

/// Why words cannot be checked.
public enum SpellingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Hunspell is not installed; the message says what to do.
  case missingLibrary(String)
  case unusable(dictionary: String, reason: String)

  public var description: String {
    switch self {
    case .missingLibrary(let message): message
    case .unusable(let dictionary, let reason): "\(dictionary): \(reason)."
    }
  }
}
