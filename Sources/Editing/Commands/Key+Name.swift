extension Key: CustomStringConvertible {
  /// The key as help and settings write it: `Ctrl-Shift-Left`, `Alt-Enter`, `F5`, `p`.
  public var description: String {
    var name = ""
    if modifiers.contains(.control) { name += "Ctrl-" }
    if modifiers.contains(.alt) { name += "Alt-" }
    if modifiers.contains(.shift) { name += "Shift-" }
    return name + codeName
  }

  private var codeName: String {
    switch code {
    case .character(" "): "Space"
    case .character(let character):
      modifiers.isDisjoint(with: [.control, .alt]) ? String(character) : character.uppercased()
    case .function(let number): "F\(number)"
    default: Self.codeNames.first { $0.code == code }?.name ?? "?"
    }
  }

  private static let codeNames: [(code: Code, name: String)] = [
    (.enter, "Enter"), (.tab, "Tab"), (.backspace, "Backspace"), (.delete, "Delete"),
    (.escape, "Esc"), (.up, "Up"), (.down, "Down"), (.left, "Left"), (.right, "Right"),
    (.home, "Home"), (.end, "End"), (.pageUp, "PageUp"), (.pageDown, "PageDown"),
    (.insert, "Insert"),
  ]

  /// Reads what `description` writes, without regard to the case of names; nil for anything else.
  public init?(_ name: String) {
    var rest = Substring(name)
    var modifiers: Modifiers = []
    while let dash = rest.firstIndex(of: "-"), dash != rest.startIndex,
      rest.index(after: dash) != rest.endIndex
    {
      switch rest[..<dash].lowercased() {
      case "ctrl": modifiers.insert(.control)
      case "alt": modifiers.insert(.alt)
      case "shift": modifiers.insert(.shift)
      default: return nil
      }
      rest = rest[rest.index(after: dash)...]
    }
    let lower = rest.lowercased()
    // Names as they are written first: the keymap of a start has hundreds.
    let code =
      Self.codeNames.first { $0.name == rest }
      ?? Self.codeNames.first { $0.name.lowercased() == lower }
    if let code = code?.code {
      self.init(code, modifiers)
    } else if lower == "space" {
      self.init(.character(" "), modifiers)
    } else if lower.first == "f", let number = Int(lower.dropFirst()), (1...24).contains(number) {
      self.init(.function(number), modifiers)
    } else if rest.count == 1, let character = rest.first {
      let plain = modifiers.isDisjoint(with: [.control, .alt])
      self.init(.character(plain ? character : Character(character.lowercased())), modifiers)
    } else {
      return nil
    }
  }
}
