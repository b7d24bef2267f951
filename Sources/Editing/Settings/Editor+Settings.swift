internal import Documents
internal import Strings

// Settings are listed and changed here, with effect at once; whoever has the file answers.

extension Command {
  static let settings: [Command] = [
    Command("settings", "Change settings", in: [.text, .review]) { $0.emit(.listSettings) },
    Command("theme", "Choose the theme", in: [.text, .review]) { $0.emit(.listThemes) },
  ]
}

extension Editor {
  mutating func receive(_ reply: SettingsReply) {
    switch reply {
    case .list(let choices):
      guard mode == .text || mode == .review else { return }
      picker = Picker(.settings(SettingsListing(choices: choices)), [])
      filterSettings()
    case .changed(let choice, let isDelayed): changed(choice, isDelayed: isDelayed)
    case .refused(let choice, let typed, let reason):
      ask(for: choice, typed: typed)
      show(.warning(reason))
    case .themes(let names, let used):
      guard mode == .text || mode == .review else { return }
      list(names, used: used)
    case .written(let file): show(.settingsWritten(DisplayForm.visible(file)))
    case .notWritten(let reason): show(.failure(reason))
    }
  }

  /// The list of settings that is open, or lies beneath a prompt.
  private var settingsListing: SettingsListing? {
    if case .settings(let listing)? = picker?.kind { listing } else { nil }
  }

  /// The settings whose name or title has every typed word.
  mutating func filterSettings() {
    guard var list = picker, case .settings(let listing) = list.kind else { return }
    let selected = list.items.indices.contains(list.selected) ? list.items[list.selected].index : 0
    list.items = list.narrowed(Array(listing.choices.enumerated())) {
      "\($0.element.name) \($0.element.title)"
    }.map { index, choice in
      let mark = listing.changed.contains(choice.name) ? "*" : ""
      return Picker.Item(
        text: "\(choice.name)\(mark)  \(choice.title)",
        detail: choice.value.isEmpty ? choice.absent : DisplayForm.visible(choice.value),
        index: index)
    }
    list.selected = list.items.firstIndex { $0.index == selected } ?? 0
    picker = list
  }

  /// Switches a setting, takes the next of its values, or asks for one. The list stays.
  mutating func chooseSetting(_ index: Int, of listing: SettingsListing) {
    let choice = listing.choices[index]
    switch choice.kind {
    case .toggle(let isOn): emit(.changeSetting(choice.name, isOn ? "false" : "true"))
    case .choice(let values):
      let next = values.firstIndex(of: choice.value).map { ($0 + 1) % values.count } ?? 0
      emit(.changeSetting(choice.name, values.indices.contains(next) ? values[next] : ""))
    case .entry: ask(for: choice, typed: choice.value)
    }
  }

  private mutating func ask(for choice: SettingChoice, typed: String) {
    guard case .entry(let expected) = choice.kind else { return }
    ask(
      Prompt("\(choice.name.split(separator: ".").last ?? "") (\(expected)): ", text: typed) {
        editor, text in
        editor.emit(.changeSetting(choice.name, text))
        return nil
      })
  }

  private mutating func changed(_ choice: SettingChoice, isDelayed: Bool) {
    let value = choice.value.isEmpty ? choice.absent : DisplayForm.visible(choice.value)
    show(.settingChanged(choice.name, value, isDelayed: isDelayed))
    guard var listing = settingsListing else { return offerToWrite([choice.name]) }
    if let index = listing.choices.firstIndex(where: { $0.name == choice.name }) {
      listing.choices[index] = choice
    }
    if !listing.changed.contains(choice.name) { listing.changed.append(choice.name) }
    picker?.kind = .settings(listing)
    filterSettings()
  }

  /// Asks whether settings that count for this session are to be kept.
  mutating func offerToWrite(_ names: [String]) {
    let what = names.count == 1 ? names[0] : names.count.counted("setting")
    ask(
      Prompt(
        "Write \(what) to config.toml? ",
        choices: [
          Prompt.Choice("y", "write") { $0.emit(.writeSettings(names)) },
          Prompt.Choice("n", "only for this session") { _ in },
        ]))
  }

  /// Takes over settings that were changed in any document.
  mutating func adopt(_ new: EditorSettings, before old: EditorSettings) {
    settings = new
    if new.focus != old.focus { focusMode = new.focus }
    if new.stepMilliseconds != old.stepMilliseconds { stepMilliseconds = nil }
    if new.highlights != old.highlights || new.languages != old.languages {
      syntax.state = .undecided
    }
    if new.spelling != old.spelling, spelling != nil { spelling = SpellingMap() }
    if new.doubt != old.doubt, doubts != nil {
      toggleDoubtMap()
      toggleDoubtMap()
    }
    layoutMemo.window = nil
  }

  // MARK: Themes

  private mutating func list(_ names: [String], used: String) {
    let items = names.enumerated().map { index, name in
      Picker.Item(
        text: DisplayForm.visible(name), detail: name == used ? "in use" : "", index: index)
    }
    picker = Picker(
      .themes(ThemeListing(names: names, used: used)), items,
      selected: names.firstIndex(of: used) ?? 0)
  }

  /// Has the screen drawn in the selected theme.
  mutating func previewTheme() {
    guard let list = picker, case .themes(let themes) = list.kind,
      list.items.indices.contains(list.selected)
    else { return }
    emit(.previewTheme(themes.names[list.items[list.selected].index]))
  }
}
