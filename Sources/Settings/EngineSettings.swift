internal import Editing
internal import RemoteEngines

// `[engine.NAME]` and `[remote]`: services that fill passages.

extension Configuration {
  /// - Parameter chosen: the value of `[infill] engine`.
  mutating func readEngines(_ reader: inout SettingsReader, using chosen: SettingValue?) {
    for name in reader.keys("engine") {
      if let engine = Self.engine(name, &reader) { engines.append(engine) }
    }
    editor.engines = engines.map {
      EngineChoice(name: $0.name, place: $0.address.place, detail: $0.kind.rawValue)
    }
    if case .text(let name)? = chosen {
      if engines.contains(where: { $0.name == name }) {
        engine = name
      } else if name != EngineChoice.local.name {
        reader.warn(
          ["infill", "engine"], expected: "local, or NAME of an [engine.NAME]",
          found: "\u{201c}\(name)\u{201d}")
      }
    }
  }

  /// nil, with a warning, for one that cannot be used.
  private static func engine(_ name: String, _ reader: inout SettingsReader)
    -> EngineConfiguration?
  {
    let kinds = EngineKind.allCases.map(\.rawValue).joined(separator: ", ")
    // Every key is asked for, so that those of an engine without a kind are not called unknown.
    let kindName = reader.string("engine", name, "kind")
    let base = reader.string("engine", name, "base")
    let model = reader.string("engine", name, "model")
    let key = key(name, &reader)
    guard name != EngineChoice.local.name else {
      reader.warn(["engine", name], expected: "another name", found: "that of this machine")
      return nil
    }
    let kind = kindName.flatMap(EngineKind.init)
    if kind == nil {
      reader.warn(
        kindName == nil ? ["engine", name] : ["engine", name, "kind"],
        expected: "kind, one of \(kinds)", found: kindName.map { "\u{201c}\($0)\u{201d}" } ?? "none"
      )
    }
    let address = EngineAddress(base ?? kind?.standardAddress ?? "")
    if address == nil, kind != nil {
      reader.warn(
        ["engine", name, "base"],
        expected: "https://HOST[:PORT][/PATH] or http://, without user and password",
        found: "another address")
    }
    var engine = (kind ?? .completions).configuration(name, address, model: model, key: key)
    if let value = reader.int("engine", name, "before", in: 0...100_000) { engine.before = value }
    if let value = reader.int("engine", name, "after", in: 0...100_000) { engine.after = value }
    if let value = reader.bool("engine", name, "fallback") { engine.fallsBack = value }
    engine.authorities = reader.string("engine", name, "ca-file")
    readJudge(&engine, &reader)
    readDeadlines(&engine, &reader)
    readCanvas(&engine, &reader)
    guard kind != nil, address != nil else { return nil }
    if engine.model == nil, engine.kind.needsModel {
      reader.warn(["engine", name], expected: "model", found: "none")
      return nil
    }
    return engine
  }

  /// nil leaves it to the kind.
  private static func key(_ name: String, _ reader: inout SettingsReader) -> KeySource? {
    if reader.string("engine", name, "key") != nil {
      reader.warn(
        ["engine", name, "key"],
        expected: "key-env or key-command: a key does not belong in this file", found: "a key")
    }
    let variable = reader.string("engine", name, "key-env")
    let command = reader.string("engine", name, "key-command")
    if variable != nil, command != nil {
      reader.warn(
        ["engine", name, "key-command"], expected: "either key-env or key-command",
        found: "both; key-env counts")
    }
    if let variable { return variable.isEmpty ? KeySource.none : .environment(variable) }
    return command.map(KeySource.command)
  }

  private static func readJudge(
    _ engine: inout EngineConfiguration, _ reader: inout SettingsReader
  ) {
    guard let name = reader.string("engine", engine.name, "judge") else { return }
    if let judge = EngineConfiguration.Judge(rawValue: name) {
      engine.judge = judge
    } else {
      reader.warn(
        ["engine", engine.name, "judge"], expected: "local or server",
        found: "\u{201c}\(name)\u{201d}")
    }
  }

  private static func readDeadlines(
    _ engine: inout EngineConfiguration, _ reader: inout SettingsReader
  ) {
    let name = engine.name
    let range = 1...3_600_000
    let places: [(String, WritableKeyPath<EngineConfiguration, Int>)] = [
      ("connect-milliseconds", \.deadlines.connect), ("answer-milliseconds", \.deadlines.answer),
      ("silence-milliseconds", \.deadlines.silence), ("total-milliseconds", \.deadlines.total),
      ("patience-milliseconds", \.patience),
    ]
    for (key, place) in places {
      if let value = reader.int("engine", name, key, in: range) { engine[keyPath: place] = value }
    }
  }

  private static func readCanvas(
    _ engine: inout EngineConfiguration, _ reader: inout SettingsReader
  ) {
    let name = engine.name
    let tokens = 0...1_000_000
    if let value = reader.int("engine", name, "canvas", in: 8...4096) {
      engine.canvas.width = value
    }
    if let value = reader.int("engine", name, "mask", in: tokens) { engine.canvas.mask = value }
    if let value = reader.int("engine", name, "close", in: tokens) { engine.canvas.close = value }
    if let value = reader.int("engine", name, "padding", in: tokens) {
      engine.canvas.padding = value
    }
    if let value = reader.int("engine", name, "vocabulary", in: 16...1_000_000) {
      engine.canvas.vocabulary = value
    }
  }
}

extension EngineKind {
  /// An address that could not be read is reported by the caller.
  fileprivate func configuration(
    _ name: String, _ address: EngineAddress?, model: String?, key: KeySource?
  ) -> EngineConfiguration {
    guard let address = address ?? EngineAddress(standardAddress) else {
      preconditionFailure("the standard address of \(rawValue) is none")
    }
    return EngineConfiguration(name: name, kind: self, address: address, model: model, key: key)
  }
}
