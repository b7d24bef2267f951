internal import Documents

/// A list to choose one thing from.
public struct Picker: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// Every command, narrowed by typing.
    case commands(Mode)
    /// What the engine considered for a slot.
    case alternatives(Passage.ID, slot: Int)
    /// The candidates of a passage.
    case candidates(Passage.ID)
    /// What may be meant by a misspelt word.
    case spellings(Range<Int>, [String])
    /// Files to open, narrowed by typing.
    case files(FileListing)
    /// Open documents.
    case documents([DocumentID])
    case engines
    /// Settings to change, narrowed by typing.
    case settings(SettingsListing)
    case themes(ThemeListing)
    /// States of the document, by their revisions.
    case states([Int])
    /// What the file can be written in, or read again.
    case formats, encodings
    /// What the document is written by.
    case style
  }

  public struct Item: Sendable, Equatable {
    public var text: String
    /// What else is to know, drawn at the right.
    public var detail: String
    /// Which of the things the list was made of; of files, the one after the last is what was typed.
    let index: Int
    /// The detail begins with what the list is sorted by.
    var isScored = false
  }

  public internal(set) var kind: Kind
  public internal(set) var items: [Item]
  public internal(set) var selected = 0
  /// The candidate that was shown before the list was opened.
  var candidateBefore: Int?
  /// What was typed to narrow the list.
  public internal(set) var filter = ""
  /// What the list was opened with.
  private let all: [Item]

  init(_ kind: Kind, _ items: [Item], selected: Int = 0) {
    self.kind = kind
    self.items = items
    all = items
    self.selected = selected
  }

  public var title: String {
    switch kind {
    case .commands: "Command: "
    case .alternatives: "Instead"
    case .spellings: "Instead: "
    case .engines: "Engine: "
    case .style: "This document: "
    case .formats: "Write the file as: "
    case .encodings: "Read the file as: "
    case .states: "States of the text, the latest first: "
    case .candidates:
      items.contains { $0.isScored } ? "Candidates, the likeliest first (ln p)" : "Candidates"
    case .files: "Open: "
    case .documents: "Open documents: "
    case .settings: "Setting: "
    case .themes: "Theme: "
    }
  }

  /// What is to know about the list, drawn at the right of its title.
  public var note: String {
    if items.isEmpty, !filter.isEmpty { return "nothing found" }
    return switch kind {
    case .files(let listing): listing.note
    case .settings(let listing):
      listing.changed.isEmpty ? "" : "\(listing.changed.count) changed"
    default: ""
    }
  }

  /// Typing narrows the list; beside a list of a passage it goes into the text.
  public var isNarrowed: Bool {
    switch kind {
    case .alternatives, .candidates: false
    case .commands, .files, .settings, .spellings, .engines, .documents, .themes, .states,
      .formats, .encodings, .style:
      true
    }
  }

  /// A digit takes the item of that number, until something else is typed.
  var isNumbered: Bool {
    switch kind {
    case .commands, .files, .settings: false
    case .alternatives, .candidates, .spellings, .engines, .documents, .themes, .states, .formats,
      .encodings, .style:
      filter.isEmpty
    }
  }

  /// The elements whose text has every typed word, in capitals or not.
  func narrowed<Element>(_ elements: [Element], by text: (Element) -> String) -> [Element] {
    let words = filter.lowercased().split(separator: " ")
    return elements.filter { element in
      let text = text(element).lowercased()
      return words.allSatisfy { text.contains($0) }
    }
  }

  /// Leaves the items that have every typed word, their details considered where no text has them
  /// all; the selected one stays selected.
  mutating func narrow() {
    let chosen = items.indices.contains(selected) ? items[selected].index : nil
    items = narrowed(all) { $0.text }
    if items.isEmpty { items = narrowed(all) { "\($0.text) \($0.detail)" } }
    selected = items.firstIndex { $0.index == chosen } ?? 0
  }

  /// Items that are shown in `rows` rows: the selected one among them.
  public func window(rows: Int) -> Range<Int> {
    let count = min(max(1, rows), items.count)
    let start = max(0, min(selected - count / 2, items.count - count))
    return start..<start + count
  }

  mutating func move(by rows: Int) {
    selected = max(0, min(selected + rows, items.count - 1))
  }
}

extension Command {
  static let listing: [Command] = [
    Command("palette", "Every command, by name", in: [.text, .review]) { $0.openPalette() },
    Command("list-choose", "Choose", in: [.list]) { $0.choose() },
    Command("list-close", "Cancel", in: [.list]) { $0.closePicker() },
    Command("list-up", "Up", in: [.list]) { $0.movePicker(by: -1) },
    Command("list-down", "Down", in: [.list]) { $0.movePicker(by: 1) },
    Command("list-page-up", "Page up", in: [.list]) { $0.movePicker(by: -8) },
    Command("list-page-down", "Page down", in: [.list]) { $0.movePicker(by: 8) },
    Command("list-left", "Previous token", in: [.list]) { $0.moveSlot(by: -1) },
    Command("list-right", "Next token", in: [.list]) { $0.moveSlot(by: 1) },
    Command("list-delete-left", "Delete to the left", in: [.list]) { editor in
      guard editor.picker?.filter.isEmpty == false else { return }
      editor.picker?.filter.removeLast()
      editor.narrowPicker()
    },
  ]
}

extension Editor {
  /// Moves the selection, and shows the candidate it comes to.
  mutating func movePicker(by rows: Int) {
    picker?.move(by: rows)
    previewSelected()
    previewTheme()
  }

  /// Leaves everything as it was before the list; of changed settings, asks whether to keep them.
  mutating func closePicker() {
    if case .candidates(let id)? = picker?.kind, let before = picker?.candidateBefore,
      let passage = index(of: id),
      passages[passage].candidates.indices.contains(before)
    {
      passages[passage].comparedCandidate = nil
      if passages[passage].view == .differences { passages[passage].view = .draft }
      show(candidate: before, of: passage)
    }
    let closed = picker?.kind
    dismissPicker()
    switch closed {
    case .themes(let listing): emit(.previewTheme(listing.used))
    case .settings(let listing): if !listing.changed.isEmpty { offerToWrite(listing.changed) }
    default: break
    }
  }

  private mutating func dismissPicker() {
    if case .files(let listing)? = picker?.kind, !listing.isComplete { emit(.cancelListing) }
    picker = nil
  }

  /// Lists again what has what was typed.
  mutating func narrowPicker() {
    switch picker?.kind {
    case .commands: filterPalette()
    case .files: filterFiles()
    case .settings: filterSettings()
    case .themes:
      picker?.narrow()
      previewTheme()
    case .spellings, .engines, .documents, .states, .formats, .encodings, .style: picker?.narrow()
    case .alternatives, .candidates, nil: break
    }
  }

  /// Takes an item by its number, or narrows the list.
  mutating func typeIntoPicker(_ character: Character) {
    guard let present = picker else { return }
    if case .candidates(let id) = present.kind, character == "d" { return compareSelected(id) }
    if present.isNumbered, let number = character.wholeNumberValue {
      guard number > 0, number <= present.items.count else { return }
      picker?.selected = number - 1
      return choose()
    }
    guard present.isNarrowed else { return leavePicker { $0.type(character) } }
    picker?.filter.append(character)
    narrowPicker()
  }

  /// A paste narrows the list; beside a list of a passage it belongs to the text.
  mutating func pasteIntoPicker(_ text: String) {
    guard picker?.isNarrowed == true else { return leavePicker { $0.insertPasted(text) } }
    picker?.filter += text.prefix(4096).filter { !$0.isNewline }
    narrowPicker()
  }

  /// Closes the list, and the review if it belongs to one, for what is typed into the text.
  private mutating func leavePicker(_ type: (inout Editor) -> Void) {
    closePicker()
    if focus != nil { typeIntoText(type) } else { type(&self) }
  }

  mutating func choose() {
    // A list in which nothing was found stays, for what is typed next.
    guard let chosen = picker, chosen.items.indices.contains(chosen.selected) else { return }
    let index = chosen.items[chosen.selected].index
    // The list stays, for the next one.
    if case .settings(let listing) = chosen.kind { return chooseSetting(index, of: listing) }
    dismissPicker()
    switch chosen.kind {
    case .settings: break
    case .themes(let listing): emit(.changeSetting("theme", listing.names[index]))
    case .commands: Command.all[index].perform(&self)
    case .files(let listing):
      ask(for: .open(listing.paths.indices.contains(index) ? listing.paths[index] : chosen.filter))
    case .documents(let documents): ask(for: .show(documents[index]))
    case .engines: chooseEngine(index)
    case .style: chooseStyle(index)
    case .formats: choose(FileFormat.all[index])
    case .encodings: ask(for: .reopen(TextEncoding.allCases[index]))
    case .states(let revisions): travel(by: .to(revision: revisions[index]))
    case .alternatives(let id, let slot):
      if let passage = self.index(of: id) {
        takeAlternative(passage, slot: slot, number: index)
      }
    case .spellings(let range, let others): takeSpelling(index, others, for: range)
    case .candidates(let id):
      guard let passage = self.index(of: id),
        passages[passage].candidates.indices.contains(index)
      else { return }
      passages[passage].comparedCandidate = nil
      if passages[passage].view == .differences { passages[passage].view = .draft }
      show(candidate: index, of: passage)
    }
  }
}
