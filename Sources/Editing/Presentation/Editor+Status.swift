internal import DecodingPolicies
internal import Documents
internal import Infilling
internal import Strings

extension Editor {
  /// The content of the status line.
  public var status: StatusLine {
    let text = document.text
    let head = selection.head
    let line = text.line(at: head)
    return StatusLine(
      fileName: DisplayForm.visible(documentName), isDirty: document.isDirty,
      isReadOnly: document.isReadOnly && !isReplay, isView: isView, isUnkept: isUnkept,
      saving: saving,
      searching: searching, isReplacing: replacing != nil,
      disk: disk, isOpenElsewhere: !neighbours.isEmpty,
      line: line + 1, column: column(of: head) + 1,
      lineCount: text.linesAreCounted ? text.lineCount : nil,
      encoding: document.format.encoding == .utf8 ? nil : document.format.encoding.title,
      lineEnds: document.lineEnding == .lf ? nil : document.lineEnding.title,
      words: counted?.count.words,
      mode: mode,
      passage: race == nil ? statusPassage.map(status(of:)) : nil,
      doubts: race == nil && statusPassage == nil ? doubtStatus : nil,
      race: race.map(Self.words(for:)), pictures: picturesInView.seen,
      backgroundPassages: passages.count { $0.id != focus } + surroundings.passages,
      surroundings: surroundings, model: model, engine: engine.choice, hints: hints)
  }

  /// The last part of the document's path.
  var documentName: String {
    document.path?.split(separator: "/").last.map(String.init) ?? "untitled"
  }

  /// Clusters between the start of the line and `offset`; characters where the line is long, bytes
  /// where it is longer than can be counted for every frame.
  func column(of offset: Int) -> Int {
    let start = document.text.lineStart(at: offset)
    if offset - start <= Layout.pieceOfLongLine {
      return document.text.clusters(in: start..<offset).count
    }
    guard offset - start <= Layout.longestCountedLine else { return offset - start }
    var characters = 0
    document.text.forEachSlice(in: start..<offset) { slice in
      characters += slice.count { !$0.isUTF8Continuation }
      return true
    }
    return characters
  }

  /// The passage with the keys, or the one at the cursor.
  private var statusPassage: Passage? {
    focusedPassage
      ?? passages.first {
        $0.span.lowerBound <= selection.head && selection.head <= $0.span.upperBound
      }
  }

  private static func words(for race: Race) -> String {
    if race.isOver { return "race over" }
    let lanes = race.lanes.count { $0.absence == nil }
    return "racing, \(race.ranking.count) of \(lanes) done"
  }

  private static func words(for progress: PictureProgress) -> String {
    "reading \(progress.pictures.counted("picture")) \(Int(progress.share * 100)) %"
  }

  private func status(of passage: Passage) -> PassageStatus {
    PassageStatus(
      passage: passage, label: label(of: passage), hasKeys: passage.id == focus,
      defaults: settings.infill, isReplay: isReplay,
      knowsProbabilities: knownModel?.knowsProbabilities ?? true)
  }

  private func label(of passage: Passage) -> String {
    let candidate = passage.candidate
    if passage.isPlaying { return "playing \(playbackSpeed.label)" }
    if passage.refinement?.inquiry != nil { return "scoring words" }
    if passage.ranking?.inquiry != nil { return "comparing" }
    let running = passage.candidates.count { $0.state.isRunning }
    if running > 1 { return "rewriting \(running)" }
    switch candidate.state {
    case .idle, .opening:
      switch model {
      case .unloaded, .loading(nil): return "loading model…"
      case .loading(let progress?): return "loading model… \(Int(progress * 100)) %"
      case .ready: return picturesInView.progress.map(Self.words) ?? "reading…"
      case .failed: return "no model"
      }
    case .running: return passage.refinement == nil ? PassageStatus.running : "refining"
    case .paused, .dropped: return "paused"
    case .ended: return "settled"
    case .failed: return "failed"
    }
  }

  // MARK: Hints

  private var hints: [KeyHint] {
    switch mode {
    case .text: textHints
    case .review: reviewHints
    case .race: raceHints
    case .prompt: promptHints
    case .list: listHints
    case .recovery:
      hints(
        .recovery,
        [
          ("recovery-take", "take them"), ("recovery-leave", "leave for later"),
          ("recovery-discard", "discard"), ("recovery-page-down", "more"), ("help", "help"),
        ])
    case .disk:
      hints(
        .disk,
        [
          ("disk-theirs", "theirs (+)"), ("disk-ours", "ours (-)"), ("disk-both", "both"),
          ("disk-later", "later"), ("disk-page-down", "more"), ("help", "help"),
        ])
    case .help: [KeyHint(key: "Esc", action: "back"), KeyHint(key: "Up/Down", action: "scroll")]
    }
  }

  private var listHints: [KeyHint] {
    var hints = [KeyHint(key: "Enter", action: "choose"), KeyHint(key: "Esc", action: "back")]
    switch picker?.kind {
    case .candidates:
      hints += [
        KeyHint(key: "Up/Down", action: "preview"), KeyHint(key: "d", action: "word differences"),
      ]
    case .themes: hints.append(KeyHint(key: "Up/Down", action: "preview"))
    case .settings: hints[0].action = "change"
    default: break
    }
    return hints
  }

  private var textHints: [KeyHint] {
    var wanted = [
      ("rewrite", "rewrite"), ("help", "help"), ("save", "save"), ("quit", "quit"),
      ("find", "find"), ("undo", "undo"),
    ]
    if doubts != nil {
      let atDoubt = [("doubt-word", "other words"), ("doubt-clause", "rewrite clause")]
      wanted =
        (doubtedWord(at: selection.head) == nil ? [] : atDoubt)
        + [("doubt-next", "next doubt"), ("doubt-map", "map off")] + wanted
    }
    return hints(.text, wanted)
  }

  private var promptHints: [KeyHint] {
    if prompt?.isQuestion == true {
      return prompt?.choices.map { KeyHint(key: String($0.key), action: $0.label) } ?? []
    }
    var hints = [KeyHint(key: "Enter", action: "go"), KeyHint(key: "Esc", action: "cancel")]
    if prompt?.isFind == true {
      hints.append(KeyHint(key: "Down/Up", action: "next/previous"))
      hints += self.hints(
        .prompt,
        [("find-expression", "expression"), ("find-case", "case"), ("find-words", "words")])
    }
    return hints
  }

  private var reviewHints: [KeyHint] {
    guard let passage = focusedPassage else { return [] }
    if isReplay, !showsRun { return replayHints(passage) }
    var wanted: [(String, String)]
    switch passage.state {
    case .idle, .opening: wanted = [("review-stop", "cancel"), ("background", "to the text")]
    case .running:
      wanted = [
        ("review-stop", "stop"), ("review-pause", "pause"), ("review-back", "back"),
        ("review-faster", "faster"), ("review-slower", "slower"), ("background", "to the text"),
      ]
    case .paused, .dropped:
      wanted = [
        ("review-pause", "resume"), ("review-stop", "reject"), ("review-back", "back"),
        ("review-forward", "forward"), ("review-reroll", "another"), ("review-pin", "pin"),
      ]
    case .ended:
      wanted = [
        ("review-accept", "accept"), ("review-stop", "reject"), ("review-reroll", "another"),
        ("review-candidates", "candidates"), ("review-refine", "refine"),
        ("review-back", "back"), ("review-pause", "play"), ("review-original", "original"),
      ]
    case .failed: wanted = [("review-reroll", "try again"), ("review-stop", "reject")]
    }
    if !passage.state.isOver, passage.candidate.lastStep > 0, passage.masksLeft == 0 {
      wanted.insert(("review-accept", "accept"), at: 0)
    }
    if passage.isPlaying {
      wanted = [
        ("review-pause", "pause"), ("review-faster", "faster"), ("review-slower", "slower"),
        ("review-last", "to the end"), ("review-stop", "stop"),
      ]
    }
    if !passage.isPlaying, passage.state.isPaused || passage.state == .ended,
      passage.candidate.shownStep < passage.candidate.lastStep, passage.masksLeft > 0
    {
      wanted = [
        ("review-pause", "play"), ("review-stop", "reject"), ("review-from-step", "new from here"),
        ("review-back", "back"), ("review-forward", "forward"), ("review-last", "to the end"),
      ]
    }
    if passage.candidates.count > 1 { wanted.insert(("review-next-candidate", "next"), at: 2) }
    return hints(.review, wanted)
  }

  /// A recording is watched: there is nothing to accept.
  private func replayHints(_ passage: Passage) -> [KeyHint] {
    let isPlaying = passage.isPlaying
    return hints(
      .review,
      [
        ("review-pause", isPlaying ? "pause" : "play"), ("review-back", "back"),
        ("review-forward", "forward"), ("review-faster", "faster"), ("review-slower", "slower"),
        ("review-stop", isPlaying ? "stop" : "quit"), ("review-original", "original"),
        ("review-export", "export"),
      ])
  }

  func hints(_ mode: Mode, _ commands: [(String, String)]) -> [KeyHint] {
    commands.compactMap { command, action in
      keymap.keys(for: command, in: mode).first.map {
        KeyHint(key: $0.description, action: action)
      }
    }
  }
}
