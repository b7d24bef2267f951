internal import DecodingPolicies
internal import Editing
internal import Infilling

extension Setting {
  /// Every setting, in the order of `Docs/Configuration.md`.
  public static let all: [Setting] = top + editor + infill + remote

  private static let top: [Setting] = [
    Setting(
      path: ["theme"], kind: .text(expected: "a string"), title: "Colours", absent: ""
    ) {
      .text($0.theme ?? Configuration.standardTheme)
    } set: { configuration, value in
      guard case .text(let name) = value else { return false }
      configuration.theme = name
      return true
    },
    .text(["model"], "Model that fills passages", absent: "the default model", \.model),
    Setting(
      path: ["threads"], kind: .int(1...1024), title: "Threads of the engine",
      absent: "all processors"
    ) {
      $0.threads.map(SettingValue.int)
    } set: { configuration, value in
      guard case .int(let count) = value else { return false }
      configuration.threads = count
      return true
    },
    .bool(["reduced-motion"], "Show steps at once, fade nothing", \.reducesMotion),
  ]

  private static let editor: [Setting] = [
    .int(["editor", "tab-width"], in: 1...16, "Columns between tab stops", \.editor.tabWidth),
    .bool(["editor", "line-numbers"], "Show line numbers", \.editor.showsLineNumbers),
    .bool(
      ["editor", "highlighting"], "Highlight text by its language", \.editor.highlights),
    .int(
      ["editor", "wrap-column"], in: 0...1000, "Columns of a row; 0: the window's",
      \.editor.wrapColumn),
    .int(
      ["editor", "hard-wrap"], in: 10...1000, "Columns of a rewrapped paragraph",
      \.editor.hardWrap),
    .bool(["editor", "word-count"], "Show the number of words", \.editor.showsWordCount),
    Setting(
      path: ["editor", "smart-quotes"],
      kind: .text(expected: "four quotation marks such as \u{201c}\u{201d}\u{2018}\u{2019}"),
      title: "Quotation marks for \" and ' in prose", absent: ""
    ) {
      .text($0.editor.smartQuotes.map(\.marks) ?? "")
    } set: { configuration, value in
      guard case .text(let marks) = value else { return false }
      configuration.editor.smartQuotes = SmartQuotes(marks)
      return marks.isEmpty || configuration.editor.smartQuotes != nil
    },
    .text(
      ["editor", "spelling"], "Dictionary that spelling is checked by",
      absent: "the language of the locale", \.editor.spelling),
    Setting(
      path: ["editor", "focus"], kind: .choice(FocusMode.allCases.map(\.rawValue)),
      title: "What is not dimmed", absent: ""
    ) {
      .text($0.editor.focus.rawValue)
    } set: { configuration, value in
      guard case .text(let name) = value, let focus = FocusMode(rawValue: name) else {
        return false
      }
      configuration.editor.focus = focus
      return true
    },
    .bool(
      ["editor", "remember-files"], "Keep a list of recent files", \.editor.remembersFiles),
    .bool(
      ["editor", "editorconfig"], "Follow .editorconfig files", \.editor.followsEditorConfig),
    .bool(
      ["editor", "remember-undo"], "Keep undo for the next session", \.editor.remembersUndo),
  ]

  private static let infill: [Setting] =
    [
      Setting(
        path: ["infill", "mode"], kind: .choice(DecodingMode.allCases.map(\.name)),
        title: "How a passage is written", absent: ""
      ) {
        .text($0.editor.infill.mode.name)
      } set: { configuration, value in
        guard case .text(let name) = value, let mode = DecodingMode(name: name) else {
          return false
        }
        configuration.editor.infill.mode = mode
        return true
      }
    ] + effort + [
      .double(
        ["infill", "temperature"], in: 0...10, "Temperature of the first candidate",
        \.editor.infill.temperature),
      .double(
        ["infill", "reroll-temperature"], in: 0...10, "Temperature of further candidates",
        \.editor.rerollTemperature),
      .int(
        ["infill", "step-milliseconds"], in: 0...10_000, "Shortest time between two steps",
        \.editor.stepMilliseconds),
      .int(
        ["infill", "candidates"], in: 2...Editor.mostCandidates, "Candidates begun at once",
        \.editor.candidates),
      .double(
        ["infill", "guidance"], in: 0...10, "Strength of an instruction", \.editor.guidance),
      .double(
        ["infill", "doubt"], in: 0...1, "Probability below which a word is unlikely",
        \.editor.doubt),
      .int(
        ["infill", "refine-rounds"], in: 1...100, "Rounds of refining", \.editor.refineRounds),
      .bool(["infill", "pictures"], "Show pictures to the model", \.editor.showsPictures),
      .int(
        ["infill", "picture-edge"], in: PictureContext.edges, "Longest edge of a picture, pixels",
        \.editor.pictureEdge),
      .bool(["infill", "follow-steps"], "Scroll to the latest change", \.editor.followsSteps),
      .dependent(
        ["infill", "engine"], .text(expected: "local, or NAME of an [engine.NAME]"),
        "Engine at the start"
      ) { .text($0.engine ?? EngineChoice.local.name) },
    ]

  /// Of which one counts, in this order; the schedule belongs to the steps.
  static let effort: [Setting] = [
    .dependent(
      ["infill", "quality"], .int(UnmaskingPolicy.qualities), "Drafts and polish of a passage",
      absent: "not set"
    ) {
      $0.effort == .quality ? $0.editor.infill.unmasking.quality.map(SettingValue.int) : nil
    },
    .dependent(
      ["infill", "threshold"], .double(0...1), "Fill masks at least this probable",
      absent: "not set"
    ) {
      $0.effort == .threshold ? $0.editor.infill.unmasking.threshold.map(SettingValue.double) : nil
    },
    .dependent(
      ["infill", "budget"], .text(expected: "a time such as 500ms or 1.5s"), "Time for a passage",
      absent: "not set"
    ) {
      guard $0.effort == .budget, case .budget(let time) = $0.editor.infill.unmasking else {
        return nil
      }
      return .text("\(Int(time))ms")
    },
    .dependent(
      ["infill", "steps"], .int(1...1000), "Steps of a passage", absent: "not set"
    ) {
      guard $0.effort == .steps, case .steps(let count, _) = $0.editor.infill.unmasking else {
        return nil
      }
      return .int(count)
    },
    .dependent(
      ["infill", "schedule"], .choice(Schedule.allCases.map(\.rawValue)),
      "How masks fall over the steps"
    ) {
      guard case .steps(_, let schedule) = $0.editor.infill.unmasking else {
        return .text(Schedule.linear.rawValue)
      }
      return .text(schedule.rawValue)
    },
  ]

  private static let remote: [Setting] = [
    Setting(
      path: ["remote", "never"], kind: .list(expected: "a list of strings"),
      title: "Documents that stay on this machine", absent: ""
    ) {
      .list($0.neverRemote)
    } set: { configuration, value in
      guard case .list(let patterns) = value else { return false }
      configuration.neverRemote = patterns
      return true
    }
  ]
}
