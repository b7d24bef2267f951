/// Which key does what in which mode.
public struct Keymap: Sendable, Equatable {
  /// Command names by key.
  public private(set) var bindings: [Mode: [Key: String]]

  /// Binds `key`, replacing what it did; `command` nil frees the key. False, and nothing changed,
  /// when there is no command of that name.
  public mutating func bind(_ key: Key, in mode: Mode, to command: String?) -> Bool {
    if let command, Command.byName[command] == nil { return false }
    bindings[mode, default: [:]][key] = command
    return true
  }

  func command(for key: Key, in mode: Mode) -> Command? {
    bindings[mode]?[key].flatMap { Command.byName[$0] }
  }

  /// Keys of a command: function keys, which not every keyboard has at hand, last; short names
  /// first.
  public func keys(for command: String, in mode: Mode) -> [Key] {
    func rank(_ key: Key) -> (Int, Int, String) {
      let isFunction = if case .function = key.code { 1 } else { 0 }
      return (isFunction, key.description.count, key.description)
    }
    return (bindings[mode] ?? [:]).filter { $0.value == command }.map(\.key)
      .sorted { rank($0) < rank($1) }
  }

  /// Every bound command of a mode with its keys, in the order of `Command.all`.
  public func table(for mode: Mode) -> [(keys: [Key], command: Command)] {
    Command.all.compactMap { command in
      let keys = keys(for: command.name, in: mode)
      return keys.isEmpty ? nil : (keys, command)
    }
  }
}

extension Keymap {
  /// The keys of the manual. Traps when a name is misspelt or a key has two commands, which a
  /// test would show.
  public static let standard: Keymap = {
    var map = Keymap(bindings: [:])
    let tables: [(Mode, Table)] = [
      (.text, text), (.review, review), (.race, race), (.prompt, prompt), (.list, list),
      (.help, help), (.recovery, recovery), (.disk, disk),
    ]
    for (mode, table) in tables {
      for (name, command) in table + everywhere(mode) {
        guard let key = Key(name) else { preconditionFailure("no key \(name)") }
        precondition(map.bindings[mode]?[key] == nil, "two commands for \(name) in \(mode)")
        precondition(map.bind(key, in: mode, to: command), "no command \(command)")
      }
    }
    return map
  }()

  private typealias Table = [(String, String)]

  private static func everywhere(_ mode: Mode) -> Table {
    var table: Table = [("Alt-Z", "suspend"), ("F1", mode == .help ? "close-help" : "help")]
    if mode != .recovery, mode != .disk { table.append(("Ctrl-S", "save")) }
    if mode == .text || mode == .review {
      table += [
        ("Ctrl-Q", "quit"), ("Alt-Enter", "rewrite"), ("F5", "rewrite"),
        ("Ctrl-P", "palette"), ("Alt-E", "engine"), ("Alt-V", "race"), ("F6", "race"),
        ("Ctrl-O", "open"), ("Ctrl-N", "new"), ("Ctrl-W", "close"), ("F4", "documents"),
        ("Alt-H", "toggle-view"), ("Alt-2", "split"), ("Alt-0", "other-pane"), ("F2", "other-pane"),
        ("Ctrl-T", "documents"), ("Alt-PageDown", "next-document"),
        ("Ctrl-PageDown", "next-document"), ("Alt-PageUp", "previous-document"),
        ("Ctrl-PageUp", "previous-document"),
      ]
    }
    return table
  }

  private static let text: Table =
    moving + [
      ("Ctrl-A", "select-all"), ("Ctrl-L", "select-line"), ("Alt-S", "select-sentence"),
      ("Alt-P", "select-paragraph"), ("Esc", "deselect"),
      ("Enter", "newline"), ("Tab", "indent"), ("Shift-Tab", "outdent"),
      ("Backspace", "delete-left"), ("Shift-Backspace", "delete-left"), ("Delete", "delete-right"),
      ("Ctrl-Backspace", "delete-word-left"), ("Alt-Backspace", "delete-word-left"),
      ("Ctrl-Delete", "delete-word-right"), ("Alt-Delete", "delete-word-right"),
      ("Insert", "toggle-overwrite"),
      ("Ctrl-Z", "undo"), ("Ctrl-Y", "redo"), ("Alt-Y", "next-undo-branch"),
      ("Alt-/", "comment"), ("Ctrl-/", "comment"), ("Ctrl-_", "comment"), ("Ctrl-D", "duplicate"),
      ("Alt-L", "cursor-next-match"), ("Alt-Shift-Up", "cursor-up"),
      ("Alt-Shift-Down", "cursor-down"),
      ("Alt-Q", "rewrap"), ("Alt-C", "count-words"), ("Alt-F", "focus"),
      ("Alt-T", "spelling"),
      ("Alt-Up", "lines-up"), ("Alt-Down", "lines-down"), ("Alt-M", "bracket"),
      ("Ctrl-X", "cut"), ("Ctrl-C", "copy"), ("Ctrl-V", "paste"),
      ("Ctrl-F", "find"), ("F3", "find-next"), ("Shift-F3", "find-previous"),
      ("Ctrl-R", "replace"), ("Ctrl-G", "go-to-line"),
      ("Alt-B", "background"), ("Alt-J", "next-passage"),
      ("Alt-N", "candidates"), ("Alt-R", "refine"), ("Alt-G", "instruct"),
      ("Alt-W", "seed-words"), ("Alt-U", "recall"), ("Alt-I", "toggle-pictures"),
      ("Alt-O", "alt-text"),
      ("F7", "doubt-map"), ("Alt-D", "doubt-map"), ("F8", "doubt-next"), ("Alt-.", "doubt-next"),
      ("Shift-F8", "doubt-previous"), ("Alt-,", "doubt-previous"), ("Alt-A", "doubt-word"),
      ("Alt-K", "doubt-clause"),
    ]

  private static let moving: Table = {
    let motions = [
      ("Left", "left"), ("Right", "right"), ("Up", "up"), ("Down", "down"),
      ("Ctrl-Left", "word-left"), ("Ctrl-Right", "word-right"),
      ("Home", "line-start"), ("End", "line-end"),
      ("PageUp", "page-up"), ("PageDown", "page-down"),
      ("Ctrl-Home", "document-start"), ("Ctrl-End", "document-end"),
      ("Ctrl-Up", "paragraph-up"), ("Ctrl-Down", "paragraph-down"),
      ("Alt-Left", "sentence-left"), ("Alt-Right", "sentence-right"),
    ]
    return motions.flatMap { key, name in
      let shifted =
        key.hasPrefix("Ctrl-") ? "Ctrl-Shift-" + key.dropFirst(5) : "Shift-" + key
      return [(key, "move-" + name), (shifted, "select-" + name)]
    }
  }()

  /// A character alone does nothing here that asks, changes a setting, the document or the passage:
  /// it may have been meant for the text.
  private static let review: Table = [
    ("Space", "review-pause"), ("Enter", "review-accept"), ("Esc", "review-stop"),
    ("Left", "review-back"), ("Right", "review-forward"),
    ("PageUp", "review-back-ten"), ("PageDown", "review-forward-ten"),
    ("Home", "review-first"), ("End", "review-last"), (".", "review-single-step"),
    ("+", "review-faster"), ("=", "review-faster"), ("-", "review-slower"),
    ("r", "review-reroll"), ("Tab", "review-next-candidate"), ("d", "review-original"),
    ("R", "review-from-step"),
    ("Ctrl-Left", "review-word-left"), ("Ctrl-Right", "review-word-right"),
    ("Up", "review-word-left"), ("Down", "review-word-right"),
    ("Shift-Left", "review-select-left"), ("Shift-Right", "review-select-right"),
    ("Shift-Up", "review-select-left"), ("Shift-Down", "review-select-right"),
    ("p", "review-pin"), ("P", "review-unpin"), ("m", "review-remask"),
    ("Alt-K", "review-remask-doubtful"), ("a", "review-alternatives"), ("Alt-I", "review-write"),
    ("Alt-C", "review-replace"), ("Ctrl-Shift-Right", "review-end-right"),
    ("Ctrl-Shift-Left", "review-end-left"), ("Alt-Shift-Left", "review-start-left"),
    ("Alt-Shift-Right", "review-start-right"), ("Alt-O", "review-temperature"),
    ("Alt-S", "review-steps"), ("Ctrl-Down", "review-quality-down"),
    ("Ctrl-Up", "review-quality-up"),
    ("n", "review-candidates"), ("Alt-N", "review-candidates"),
    ("Alt-M", "review-candidate-count"), ("f", "review-refine"), ("Alt-R", "review-refine"),
    ("Alt-G", "review-instruct"), ("Alt-L", "review-guidance"), ("Alt-W", "review-seed-words"),
    ("Alt-F", "review-follow"), ("b", "review-list"), ("Alt-Up", "review-accept-changes"),
    ("Alt-Right", "review-accept-word"), ("Alt-Down", "review-accept-line"),
    ("Ctrl-E", "review-export"), ("Alt-B", "background"), ("Alt-J", "next-passage"),
  ]

  private static let race: Table = [
    ("Enter", "race-take"), ("Esc", "race-close"), ("Ctrl-Q", "race-close"), ("Up", "race-up"),
    ("Down", "race-down"), ("Left", "race-up"), ("Right", "race-down"), ("Tab", "race-down"),
    ("r", "race-again"),
  ]

  private static let recovery: Table = [
    ("Enter", "recovery-take"), ("Esc", "recovery-leave"), ("Ctrl-Q", "recovery-leave"),
    ("Delete", "recovery-discard"), ("Up", "recovery-up"), ("Down", "recovery-down"),
    ("PageUp", "recovery-page-up"), ("PageDown", "recovery-page-down"),
    ("Space", "recovery-page-down"),
  ]

  private static let disk: Table = [
    ("t", "disk-theirs"), ("o", "disk-ours"), ("b", "disk-both"), ("Esc", "disk-later"),
    ("Ctrl-Q", "disk-later"), ("Up", "disk-up"), ("Down", "disk-down"),
    ("PageUp", "disk-page-up"), ("PageDown", "disk-page-down"), ("Space", "disk-page-down"),
  ]

  private static let prompt: Table = [
    ("Enter", "prompt-submit"), ("Esc", "prompt-cancel"), ("Backspace", "prompt-delete-left"),
    ("Shift-Backspace", "prompt-delete-left"), ("Delete", "prompt-delete-right"),
    ("Left", "prompt-left"), ("Right", "prompt-right"), ("Home", "prompt-start"),
    ("End", "prompt-end"), ("Ctrl-V", "prompt-paste"), ("F3", "find-next"),
    ("Shift-F3", "find-previous"), ("Down", "find-next"), ("Up", "find-previous"),
    ("Ctrl-Q", "prompt-cancel"), ("Alt-X", "find-expression"), ("Alt-C", "find-case"),
    ("Alt-W", "find-words"),
    ("Ctrl-Left", "prompt-word-left"), ("Ctrl-Right", "prompt-word-right"),
    ("Ctrl-W", "prompt-delete-word-left"), ("Ctrl-Backspace", "prompt-delete-word-left"),
    ("Alt-Backspace", "prompt-delete-word-left"), ("Ctrl-U", "prompt-delete-start"),
    ("Ctrl-K", "prompt-delete-end"), ("Ctrl-E", "prompt-end"), ("Ctrl-A", "prompt-mark"),
    ("Ctrl-Z", "prompt-undo"), ("Tab", "prompt-next-preset"),
    ("Shift-Tab", "prompt-previous-preset"),
  ]

  private static let list: Table = [
    ("Enter", "list-choose"), ("Esc", "list-close"), ("Ctrl-Q", "list-close"), ("Up", "list-up"),
    ("Down", "list-down"), ("PageUp", "list-page-up"), ("PageDown", "list-page-down"),
    ("Left", "list-left"), ("Right", "list-right"), ("Backspace", "list-delete-left"),
    ("Shift-Backspace", "list-delete-left"),
  ]

  private static let help: Table = [
    ("Esc", "close-help"), ("Enter", "close-help"), ("q", "close-help"), ("Ctrl-Q", "close-help"),
    ("Up", "help-up"), ("Down", "help-down"), ("PageUp", "help-page-up"),
    ("PageDown", "help-page-down"),
  ]
}
