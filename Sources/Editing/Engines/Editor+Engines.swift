// Which engine fills passages.

extension Command {
  static let engines: [Command] = [
    Command("engine", "Choose the engine", in: [.text, .review]) { $0.listEngines() }
  ]
}

extension Editor {
  /// Lists the engines of the settings; the one in use is selected.
  mutating func listEngines() {
    let choices = [EngineChoice.local] + settings.engines
    guard choices.count > 1 else { return show(.onlyLocalEngine) }
    guard !engine.staysHere else { return show(.documentStaysHere) }
    picker = Picker(
      .engines,
      choices.enumerated().map { index, choice in
        let place = choice.place.map { "sends to \($0)" }
        return Picker.Item(text: choice.name, detail: place ?? choice.detail, index: index)
      }, selected: choices.firstIndex { $0.name == engine.choice.name } ?? 0)
  }

  /// Has the next passages filled by the engine with this number in the list. Those under way stay
  /// with theirs.
  mutating func chooseEngine(_ index: Int) {
    let choices = [EngineChoice.local] + settings.engines
    guard choices.indices.contains(index) else { return }
    emit(.useEngine(choices[index].name))
  }

  mutating func receive(_ status: EngineStatus) {
    guard status != engine else { return }
    let before = engine
    engine = status
    model = .unloaded
    shared.outline = nil
    if status.staysHere, before.choice.place != nil || !before.staysHere {
      show(.documentStaysHere)
    } else {
      show(.engineChosen(status.choice.name, place: status.choice.place))
    }
  }
}
