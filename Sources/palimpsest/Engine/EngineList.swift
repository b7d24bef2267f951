internal import RemoteEngines
internal import Strings

/// What `engine list` and `engine check` print.
enum EngineList {
  static func text(_ engines: [EngineConfiguration]) -> String {
    guard !engines.isEmpty else {
      return """
        local     the model of this machine

        config.toml has no [engine.NAME]. Docs/Engines.md describes them.

        """
    }
    let parts = engines.map { engine in
      let can = engine.kind.capabilities
      return table(
        engine.name,
        [
          ("kind", engine.kind.rawValue), ("sends to", engine.address.address(of: "")),
          ("model", engine.model ?? "that of the server"), ("key", words(for: engine.key)),
          ("text sent", "\(engine.before) characters before, \(engine.after) after"),
          ("text after", can.seesSuffix == .yes ? "seen" : can.seesSuffix.rawValue),
          ("live steps", can.frames.rawValue),
          ("probabilities", can.confidences ? "yes" : "no"), ("pinned words", can.pins.rawValue),
          ("several tries", can.tries ? "in one request" : "a request each"),
          ("instructions", can.instructions ? "yes" : "no"),
          ("if it fails", engine.fallsBack ? "the local model, with a message" : "a message"),
        ])
    }
    return parts.joined(separator: "\n")
  }

  static func text(_ check: EngineCheck, of engine: EngineConfiguration) -> String {
    var rows: [(String, String)] = [
      ("reached", "\(engine.address.place) in \(milliseconds(check.reachedAfter))")
    ]
    rows.append(("model", words(for: check.models, engine.model)))
    let suffix =
      switch check.suffix {
      case .seen: "seen"
      case .matters: "makes a difference, but the word in it was not found"
      case .ignored: "IGNORED: the passage is the same whatever follows it"
      }
    rows.append(("text after", suffix))
    rows.append(("live steps", check.steps > 0 ? "\(check.steps) before the last" : "none"))
    rows.append(("probabilities", check.confidences ? "yes" : "none"))
    rows.append(("pinned words", check.pins ? "kept" : "lost"))
    rows.append(("first step", milliseconds(check.firstStep)))
    rows.append(("last step", milliseconds(check.lastStep)))
    rows += check.notices.map { ("notice", $0) }
    return table(engine.name, rows)
  }

  private static func words(for models: [String]?, _ model: String?) -> String {
    guard let models else { return model ?? "the server lists none" }
    let listed = models.prefix(5).map(\.escapedForMessage).joined(separator: ", ")
    guard let model else { return listed.isEmpty ? "none listed" : listed }
    return models.contains(model) ? model : "\(model), NOT LISTED by the server: \(listed)"
  }

  private static func words(for key: KeySource) -> String {
    switch key {
    case .none: "none"
    case .environment(let name): "from the variable \(name)"
    case .command: "from key-command"
    }
  }

  private static func milliseconds(_ value: Double) -> String { "\(value.fixed(0)) ms" }

  private static func table(_ title: String, _ rows: [(String, String)]) -> String {
    "\(title)\n" + rows.map { "  \($0.leading(14)) \($1)\n" }.joined()
  }
}
