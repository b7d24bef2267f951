internal import DecodingPolicies
internal import Documents
internal import Infilling
internal import Strings

/// A piece of the status line and its place.
public struct StatusPart: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case plain, file, state, failure
    /// A sample of how doubtful words look.
    case doubt(DoubtMap.Level)
    /// Steps as a line of cells.
    case bar(StepBar)
    /// The quality of the next candidate, to be set with the mouse.
    case quality(QualitySlider)
  }

  public var text: String
  public var kind: Kind
  /// First column on the screen.
  public internal(set) var column = 0
  /// The part with the highest rank goes first where not all have room.
  var rank: Int
  var isRight = false
  /// What a click on it does.
  let command: String?

  init(
    _ text: String, _ kind: Kind = .plain, rank: Int, isRight: Bool = false,
    command: String? = nil
  ) {
    self.text = text
    self.kind = kind
    self.rank = rank
    self.isRight = isRight
    self.command = command
  }

  public var columns: Int {
    switch kind {
    case .bar: StepBar.columns
    case .quality: CellWidth.columns(text) + QualitySlider.columns
    default: CellWidth.columns(text)
    }
  }
}

/// The levels of quality as cells after a text.
public struct QualitySlider: Sendable, Equatable {
  public let level: Int

  public static let columns = UnmaskingPolicy.qualities.count
  static let text = " quality "

  /// The level at a place in the part; nil on the text before the cells.
  func level(atColumn column: Int) -> Int? {
    let level = column - CellWidth.columns(Self.text) + 1
    return UnmaskingPolicy.qualities.contains(level) ? level : nil
  }
}

/// Steps as a line after a blank: shown and before, recorded beyond it, still to come.
public struct StepBar: Sendable, Equatable {
  public enum Cell: Sendable, Equatable { case done, recorded, planned }

  public let step: Int
  public let last: Int
  public let planned: Int?

  static let length = 10
  public static let columns = 1 + length

  private var total: Int { max(1, planned ?? 0, last) }

  /// A cell is done when the step at its end is.
  public var cells: [Cell] {
    (1...Self.length).map { cell in
      let end = cell * total
      return end <= step * Self.length ? .done : end <= last * Self.length ? .recorded : .planned
    }
  }

  /// The step at a place in the bar, 0 for the blank before it.
  func step(atColumn column: Int) -> Int {
    let cell = max(0, min(column, Self.length))
    return min(last, (cell * total + Self.length / 2) / Self.length)
  }
}

extension StatusLine {
  /// The parts that fit in `columns`, from the left and then those at the right end. The least
  /// important go first where there is not room for all; what a passage does goes last.
  public func parts(fitting columns: Int) -> [StatusPart] {
    var parts = allParts
    while parts.count > 1, parts.reduce(0, { $0 + $1.columns }) > columns {
      guard let last = parts.indices.max(by: { parts[$0].rank < parts[$1].rank }) else { break }
      parts.remove(at: last)
    }
    var left = 0
    var right = columns - parts.reduce(0) { $0 + ($1.isRight ? $1.columns : 0) }
    for index in parts.indices {
      if parts[index].isRight {
        parts[index].column = right
        right += parts[index].columns
      } else {
        parts[index].column = left
        left += parts[index].columns
      }
    }
    return parts
  }

  private var allParts: [StatusPart] {
    var name = " " + fileName + (isDirty ? "*" : "")
    if isView { name += " (view)" } else if isReadOnly { name += " (read-only)" }
    var parts = [
      StatusPart(
        name + " ", .file, rank: passage == nil ? 0 : 6,
        command: surroundings.count > 1 ? "documents" : "open")
    ]
    if surroundings.count > 1 {
      let mark = surroundings.unsaved > 0 ? "*" : ""
      parts.append(
        StatusPart(
          " \(surroundings.number)/\(surroundings.count)\(mark) ", rank: 8,
          command: "next-document"))
    }
    if let searching {
      let work = isReplacing ? "replacing" : "searching"
      parts.append(StatusPart(" \(work) \(Int(searching * 100)) % ", .state, rank: 1))
    }
    if let saving {
      parts.append(StatusPart(" saving \(Int(saving * 100)) % ", .state, rank: 1))
    }
    if isUnkept { parts.append(StatusPart(" edits not kept ", .failure, rank: 1)) }
    switch disk {
    case .same: break
    case .changed, .changedLarge:
      parts.append(StatusPart(" changed on disk ", .failure, rank: 1))
    case .removed: parts.append(StatusPart(" removed from disk ", .failure, rank: 1))
    }
    if isOpenElsewhere { parts.append(StatusPart(" open elsewhere ", .state, rank: 7)) }
    if let passage { parts += Self.parts(of: passage) }
    if let doubts { parts += Self.parts(of: doubts) }
    if let race { parts.append(StatusPart(" \(race) ", .state, rank: 1)) }
    if !pictures.isEmpty {
      let tokens = pictures.reduce(0) { $0 + $1.tokens }
      parts.append(
        StatusPart(
          " \(pictures.count.counted("picture")) in view, \(tokens.counted("token")) ", rank: 9,
          command: "toggle-pictures"))
    }
    if backgroundPassages > 0 {
      parts.append(
        StatusPart(
          " \(backgroundPassages) in the background ", .state, rank: 5,
          command: "next-passage"))
    }
    if let place = engine.place {
      parts.append(StatusPart(" → \(place) ", .failure, rank: 0, isRight: true, command: "engine"))
    }
    if let modelText { parts.append(StatusPart(modelText, rank: 12, isRight: true)) }
    if let encoding {
      parts.append(StatusPart(" \(encoding) ", rank: 6, isRight: true, command: "encoding"))
    }
    if let lineEnds {
      parts.append(StatusPart(" \(lineEnds) ", rank: 7, isRight: true, command: "line-ends"))
    }
    if let words {
      parts.append(
        StatusPart(
          " \(words.counted("word")) ", rank: 10, isRight: true, command: "count-words"))
    }
    parts.append(
      StatusPart(
        " \(line):\(column)\(lineCount.map { " of \($0)" } ?? "") ", rank: passage == nil ? 3 : 11,
        isRight: true, command: "go-to-line"))
    return parts
  }

  /// The legend, what was found, and how likely the word at the cursor is.
  private static func parts(of doubts: DoubtStatus) -> [StatusPart] {
    var parts = [
      StatusPart(" ", rank: 4), StatusPart("unlikely", .doubt(.unlikely), rank: 4),
      StatusPart(" ", rank: 5), StatusPart("very", .doubt(.veryUnlikely), rank: 5),
      StatusPart(" \(doubts.doubtful.counted("word"))", rank: 2),
    ]
    if doubts.read < doubts.sentences {
      parts.append(StatusPart(" reading \(doubts.read)/\(doubts.sentences)", rank: 2))
    }
    if let probability = doubts.probability {
      parts.append(StatusPart("  here \(probability)", rank: 6))
    }
    return parts
  }

  private static func parts(of passage: PassageStatus) -> [StatusPart] {
    let isFailed = if case .failed = passage.state { true } else { false }
    var parts = [
      StatusPart(
        " \(passage.stage ?? passage.label) ", isFailed ? .failure : .state, rank: 1,
        command: "review-pause")
    ]
    switch passage.passage.view {
    case .draft: break
    case .original:
      parts.append(StatusPart(" original ", .file, rank: 2, command: "review-original"))
    case .differences:
      let other = passage.comparedCandidate.map { " from #\($0)" } ?? ""
      parts.append(
        StatusPart(" word diff\(other) ", .file, rank: 2, command: "review-original"))
    }
    if let instruction = passage.instruction {
      let words = instruction.count > 24 ? instruction.prefix(23) + "…" : instruction[...]
      parts.append(
        StatusPart(" \u{201c}\(words)\u{201d}", rank: 8, command: "review-instruct"))
    }
    if passage.showsSearchUnderWay {
      parts += searchParts(of: passage)
    } else if passage.lastStep > 0 {
      let expected =
        passage.isSearch && passage.step < passage.lastStep
        ? passage.lastStep : passage.plannedSteps
      let planned = expected.map { "/\($0)" } ?? ""
      parts.append(StatusPart(" ▏step \(passage.step)\(planned)", rank: 2))
      // Where the end is not known, the last step of the record is not shown as if it were.
      if passage.plannedSteps != nil || passage.step < passage.lastStep {
        let bar = StepBar(step: passage.step, last: passage.lastStep, planned: passage.plannedSteps)
        parts.append(StatusPart("", .bar(bar), rank: 4))
      }
    }
    if passage.candidateCount > 1 {
      parts.append(
        StatusPart(
          " candidate \(passage.candidateNumber)/\(passage.candidateCount)", rank: 5,
          command: "review-list"))
    }
    if let confidence = passage.confidence {
      parts.append(
        StatusPart(
          " word \(Int((confidence * 100).rounded())) %", rank: 10, command: "review-alternatives"))
    }
    if let temperature = passage.temperature {
      parts.append(StatusPart(" t \(temperature)", rank: 8, command: "review-temperature"))
    }
    if let level = passage.quality {
      parts.append(
        StatusPart(
          QualitySlider.text, .quality(QualitySlider(level: level)),
          rank: passage.unmasking == nil ? 13 : 8))
    } else if let unmasking = passage.unmasking {
      parts.append(StatusPart(" next \(unmasking)", rank: 8, command: "review-steps"))
    }
    if let guidance = passage.guidance {
      parts.append(StatusPart(" g \(guidance)", rank: 8, command: "review-guidance"))
    }
    guard passage.lastStep > 0 else {
      // Before the first step nobody knows whether masks are what is counted.
      if passage.state.isPaused, let masks = passage.masksLeft, masks > 0 {
        parts.append(StatusPart(" \(masks.counted("mask")) left ", rank: 3))
      }
      return parts
    }
    let passes = StatusPart(" \(passage.forwardPasses.counted("pass", "passes"))", rank: 9)
    if passage.isSearch {
      if !passage.showsSearchUnderWay { parts += searchParts(of: passage) }
    } else if passage.state == .ended, passage.step == passage.lastStep {
      // What it has cost.
      parts.append(StatusPart(" \(time(passage.milliseconds))", rank: 3))
      parts.append(passes)
      if let tokens = passage.tokensPerPass {
        parts.append(StatusPart(" \(Editor.decimal(tokens)) tok/pass ", rank: 9))
      }
    } else {
      parts.append(StatusPart(" \(time(passage.millisecondsPerStep))/step", rank: 7))
      parts.append(passes)
      if let masks = passage.masksLeft {
        parts.append(StatusPart(" \(masks.counted("mask")) left ", rank: 3))
      }
    }
    return parts
  }

  private static func time(_ milliseconds: Double) -> String {
    guard milliseconds.isFinite, milliseconds < 1e9 else { return "– ms" }
    if milliseconds >= 10_000 { return "\((milliseconds / 1000).fixed(0)) s" }
    return "\(milliseconds.fixed(milliseconds >= 10 || milliseconds <= 0 ? 0 : 1)) ms"
  }

  private var modelText: String? {
    switch model {
    case .unloaded: nil
    case .loading(nil): passage == nil ? " loading model… " : nil
    case .loading(let progress?):
      passage == nil ? " loading model… \(Int(max(0, min(1, progress)) * 100)) % " : nil
    case .ready(let summary): " \(summary.name) "
    case .failed: " no model "
    }
  }
}
