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
    private var checker: Result<SpellChecker, SpellingError>?

    init(language: String?) { self.language = language }

    private static var folder: String { Directories.current().data }
    private static var learnt: String { folder + "/words.txt" }

    /// Nil without a dictionary. A dictionary that is installed later is found by the next call.
    private func loaded() -> Result<SpellChecker, SpellingError>? {
      if let checker { return checker }
      let folders =
        (Files.environment("DICPATH")?.split(separator: ":").map(String.init) ?? [])
        + [Self.folder + "/dictionaries"] + SpellingDictionary.systemFolders
      guard let found = SpellingDictionary.find(name, in: folders, files: Files.names) else {
        return nil
      }
      let opened = opened(found)
      checker = opened
      return opened
    }

    private func opened(_ dictionary: SpellingDictionary) -> Result<SpellChecker, SpellingError> {
      do {
        let checker = try SpellChecker(dictionary)
        for word in words() { checker.add(word) }
        return .success(checker)
      } catch {
        return .failure(error)
      }
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
      switch loaded() {
      case .success(let checker):
        .checked(Dictionary(uniqueKeysWithValues: words.map { ($0, checker.isRight($0)) }))
      case .failure(let error): .unavailable(error.description)
      case nil:
        .unavailable(
          "No dictionary for \(name). Install one, as with apt install hunspell-\(package)")
      }
    }

    /// Names of Debian's packages: `hunspell-en-us`, `hunspell-fr`.
    private var package: String { name.lowercased().replacing("_", with: "-") }

    func suggestions(for word: String) -> SpellingReply {
      .suggestions(for: word, (try? loaded()?.get())?.suggestions(for: word) ?? [])
    }

    /// Why the word was not kept; nil if it was.
    func learn(_ word: String) -> String? {
      (try? loaded()?.get())?.add(word)
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
