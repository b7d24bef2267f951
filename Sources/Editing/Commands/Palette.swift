// The palette: every command of the present mode, by name.

extension Editor {
  mutating func openPalette() {
    let mode: Mode = focus == nil ? .text : .review
    picker = Picker(.commands(mode), [])
    filterPalette()
  }

  /// The commands whose title or name has every typed word, or else its letters in order.
  mutating func filterPalette() {
    guard var palette = picker, case .commands(let mode) = palette.kind else { return }
    let candidates = Command.all.indices.filter {
      Command.all[$0].modes.contains(mode) && Command.all[$0].name != "palette"
    }
    func text(_ index: Int) -> String {
      (Command.all[index].title + " " + Command.all[index].name).lowercased()
    }
    var found = palette.narrowed(candidates, by: text)
    if found.isEmpty {
      let pattern = FuzzyPattern(palette.filter)
      found = candidates.filter { pattern.score(text($0)) != nil }
    }
    palette.items = found.map { index in
      let command = Command.all[index]
      let key = keymap.keys(for: command.name, in: mode).first
      return Picker.Item(text: command.title, detail: key?.description ?? "", index: index)
    }
    palette.selected = 0
    picker = palette
  }
}
