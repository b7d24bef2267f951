public import RemoteEngines

extension EngineConfiguration {
  /// Its settings in force, in the order of `Docs/Configuration.md`. Of the key there is at most the
  /// name of the variable that has it; what is no such name, and a command, may be secrets.
  public var values: [(key: String, value: SettingValue)] {
    var values: [(String, SettingValue)] = [
      ("kind", .text(kind.rawValue)), ("base", .text(address.address(of: ""))),
    ]
    if let model { values.append(("model", .text(model))) }
    switch key {
    case .none: values.append(("key-env", .text("")))
    case .environment(let name) where Self.isPlain(name): values.append(("key-env", .text(name)))
    case .environment, .command: break
    }
    values += [
      ("before", .int(before)), ("after", .int(after)), ("fallback", .bool(fallsBack)),
      ("judge", .text(judge.rawValue)), ("connect-milliseconds", .int(deadlines.connect)),
      ("answer-milliseconds", .int(deadlines.answer)),
      ("silence-milliseconds", .int(deadlines.silence)),
      ("total-milliseconds", .int(deadlines.total)), ("patience-milliseconds", .int(patience)),
    ]
    guard kind == .vllmCanvas else { return values }
    values.append(("canvas", .int(canvas.width)))
    if let mask = canvas.mask { values.append(("mask", .int(mask))) }
    return values + [
      ("close", .int(canvas.close)), ("padding", .int(canvas.padding)),
      ("vocabulary", .int(canvas.vocabulary)),
    ]
  }

  /// The setting that its key comes from and whose value is not shown; nil where `values` has it.
  public var hiddenKey: String? {
    switch key {
    case .environment(let name): Self.isPlain(name) ? nil : "key-env"
    case .command: "key-command"
    case .none: nil
    }
  }

  /// Whether a name looks like that of a variable, not like a key in its place.
  private static func isPlain(_ name: String) -> Bool {
    name.count <= 40
      && name.utf8.allSatisfy {
        switch Unicode.Scalar($0) {
        case "A"..."Z", "0"..."9", "_": true
        default: false
        }
      }
  }
}
