import Editing
import Platform
import Spelling

/// Answers questions about spelling in the background, one after another. The dictionary is loaded with
/// the first one.
@MainActor
final class Speller {
  /// The dictionary, used by one task at a time.
  private actor Desk {
    private let language: String?
    private var checker: SpellChecker?
    private var hasLooked = false

    init(language: String?) { self.language = language }

    private static var folder: String { Directories.current().data }
    private static var learnt: String { folder + "/words.txt" }

    /// Nil if there is no dictionary.
    private func loaded() -> SpellChecker? {
      guard !hasLooked else { return checker }
      hasLooked = true
      let folders =
        (Files.environment("DICPATH")?.split(separator: ":").map(String.init) ?? [])
        + [Self.folder + "/dictionaries"] + SpellingDictionary.systemFolders
      let found = SpellingDictionary.find(name, in: folders, files: Files.names)
      checker = found.flatMap { SpellChecker($0) }
      for word in words() { checker?.add(word) }
      return checker
    }

    private var name: String {
      language
        ?? SpellingDictionary.language(
          ofLocale: ["LC_ALL", "LC_MESSAGES", "LANG"].map { Files.environment($0) })
    }

    private func words() -> [String] {
      let bytes = (try? Files.read(Self.learnt, upTo: 1 << 20)) ?? []
      return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func check(_ words: [String]) -> SpellingReply {
      guard let checker = loaded() else {
        return .unavailable(
          "No dictionary for \(name). Install one, as with apt install hunspell-\(package)")
      }
      return .checked(Dictionary(uniqueKeysWithValues: words.map { ($0, checker.isRight($0)) }))
    }

    /// Names of Debian's packages: `hunspell-en-us`, `hunspell-fr`.
    private var package: String { name.lowercased().replacing("_", with: "-") }

    func suggestions(for word: String) -> SpellingReply {
      .suggestions(for: word, loaded()?.suggestions(for: word) ?? [])
    }

    /// Why the word was not kept; nil if it was.
    func learn(_ word: String) -> String? {
      loaded()?.add(word)
      let all = words()
      guard !all.contains(word) else { return nil }
      do {
        try Files.makeFolder(Self.folder)
        let text = (all + [word]).map { $0 + "\n" }.joined()
        try Files.write(Array(text.utf8), to: Self.learnt)
        return nil
      } catch {
        return "The word is not learnt for later: \(error)"
      }
    }
  }

  private let desk: Desk
  private let mailbox: Mailbox
  private var last: Task<Void, Never>?

  /// `language` nil is that of the locale.
  init(language: String?, _ mailbox: Mailbox) {
    desk = Desk(language: language)
    self.mailbox = mailbox
  }

  func check(_ words: [String], for id: DocumentID) {
    perform(id) { desk in .spelling(await desk.check(words)) }
  }

  func suggest(_ word: String, for id: DocumentID) {
    perform(id) { desk in .spelling(await desk.suggestions(for: word)) }
  }

  func learn(_ word: String, for id: DocumentID) {
    perform(id) { desk in
      await desk.learn(word).map { .spelling(.notKept($0)) }
    }
  }

  private func perform(
    _ id: DocumentID, _ work: @escaping @Sendable (Desk) async -> Event?
  ) {
    last = Task.detached(executorPreference: BackgroundThreads.shared) {
      [before = last, desk, mailbox] in
      await before?.value
      if let event = await work(desk) { mailbox.post(.document(id, event)) }
    }
  }
}
