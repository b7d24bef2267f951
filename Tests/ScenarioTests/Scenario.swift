import DecodingPolicies
import Documents
import Editing
import Foundation
import Infilling
import Rendering
import TestSupport

/// A session as a folder: `in` is the document, `keys` what happens, `out` the document after it,
/// `frame`, where there is one, the screen after it. The document's name is the folder's, which may
/// have the ending of a format; others end in `.txt`.
///
/// `▮` in `in` and `out` is the cursor, `▯` the other end of the selection. Lines of `keys`:
///
///     # a remark, as is the empty line
///     Ctrl-Right Alt-Enter    names of keys
///     type some text          keys of the text, blanks included
///     paste some text         \n is a line end
///     size 60x12              of the screen, best first; 60x12 is the default
///     click 10,2              column and row of the screen
///     drag 14,10              to a place, from the last click
///     wait                    what the editor waits for happens, once; `wait 3`: three times
///     model loading | ready | instructed | failed WHY
///     model ready autoregressive selfSpeculation   modes besides diffusion; `searching`: it searches
///     model continuing        it can only write from left to right
///     model seeing            it sees pictures
///     glanced quay.png=316    answers which pictures can be read, and the tokens each takes
///     reading 2 0.4           the engine reads so many pictures, and the share that is done
///     unread quay.png WHY     the engine begins on its canvas, without a picture
///     canvas 4                the engine begins, with so many open slots; without a number
///                             on the canvas it was given
///     notice WHAT             the engine begins on masks, and says what is unusual
///     step 0=The 2=|cat:0.4   texts of slots; `|` stands for a blank inside of one, `⏎` for a line
///                             end, the number is the confidence, 0.9 where there is none;
///                             `~` before a text: the slot is open and shows it as noise
///     warn WHAT               the next step says what is unusual
///     engines box box:8000    an engine that can be chosen, and where it sends text
///     engine box box:8000     it is in use
///     search drafting 12/16   from the next step on a search, and how it stands; also `reading`,
///                             `polishing 0/16 1.9` with the join, `done`: the next step is the last
///     leader 4 The |cat       a step of it: texts of the first slots, masks up to so many slots
///     others The|dog. A|cow.  what it found besides, in the next step
///     run 2                   the engine speaks of the second run begun, not of the last
///     scores −1.5 −0.8        answers which candidates read best, in order; `−1.5/−0.9` says of
///                             the text after them, too, how well it follows
///     doubts teh=0.01:the     answers which words are doubted, and what would be better; the
///                             others are not
///     considered 2=|dog:0.3   runners-up of slots, in the next step
///     fail WHY                the engine fails
///     spelling teh=the,ten    answers which words are misspelt, and what may be meant
///     file NAME some text     a file beside the document, which can be opened; \n is a line end
///     disk some text          another program has written this to the document's file
///     frame NAME              compare the screen with the file NAME at this point
///
/// `out` is the document that is shown at the end.
struct Scenario {
  enum Problem: Error { case line(Int, String) }

  let folder: URL
  private var workspace: Workspace
  private var editor: Editor { workspace.shown }
  private var files: [String: String] = [:]
  private var runs: [RunID] = []
  /// The one that the engine speaks of.
  private var run: RunID?
  private var timers: [(document: DocumentID, timer: Editing.Timer)] = []
  private var cells: [RunID: [InfillCell]] = [:]
  private var question: (id: InquiryID, text: String, words: [Range<Int>])?
  /// How the searches stand, and whether their next step is the last.
  private var searches: [RunID: (progress: SearchProgress, isLast: Bool)] = [:]
  private var others: [[InfillCell]] = []
  private var warning: String?
  private var considered: [(slot: Int, text: String, confidence: Float)] = []
  private(set) var effects: [Effect] = []
  private(set) var frames: [(name: String, text: String)] = []

  static let root = URL(filePath: SharedFiles.packageRoot + "/Tests/ScenarioTests/Scenarios")

  static var names: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  init(_ name: String) throws {
    folder = Self.root.appending(path: name)
    let (text, anchor, head) = Self.unmarked(try Self.read(folder, "in"))
    var settings = EditorSettings()
    settings.engines = try Self.read(folder, "keys").components(separatedBy: "\n")
      .filter { $0.hasPrefix("engines ") }.compactMap(Self.engine)
    let path = name.contains(".") ? name : "\(name).txt"
    workspace = Workspace(
      Editor(document: Document(text, path: path), columns: 60, rows: 12, settings: settings))
    func clusters(_ offset: Int) -> Int {
      editor.document.text.clusters(in: 0..<offset).count
    }
    for _ in 0..<clusters(anchor) { press(Key(.right)) }
    for _ in clusters(anchor)..<max(clusters(anchor), clusters(head)) {
      press(Key(.right, .shift))
    }
    for _ in clusters(head)..<max(clusters(anchor), clusters(head)) {
      press(Key(.left, .shift))
    }
  }

  /// The engine that a line `engine NAME PLACE` names.
  private static func engine(_ line: String) -> EngineChoice? {
    let words = line.split(separator: " ").dropFirst().map(String.init)
    return words.count == 2 ? EngineChoice(name: words[0], place: words[1]) : nil
  }

  mutating func play() throws {
    let lines = try Self.read(folder, "keys").components(separatedBy: "\n")
    for (number, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
      guard perform(line) else { throw Problem.line(number + 1, line) }
    }
    frames.append(("frame", frame))
  }

  /// The document with its selection marked.
  var out: String {
    var bytes = editor.document.text.contents()
    let selection = editor.selection
    let marks = [(selection.anchor, "▯"), (selection.head, "▮")].sorted { $0.0 > $1.0 }
    for (offset, mark) in marks where mark == "▮" || !selection.isEmpty {
      bytes.insert(contentsOf: mark.utf8, at: offset)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private var frame: String { Frame(workspace, theme: .standard).plainText + "\n" }

  // MARK: Lines of `keys`

  private mutating func perform(_ line: String) -> Bool {
    let word = String(line.prefix { $0 != " " })
    let rest = String(line.dropFirst(word.count + 1))
    switch word {
    case "type":
      for character in rest { press(Key(.character(character))) }
    case "paste": send(.paste(rest.replacing("\\n", with: "\n")))
    case "size", "click", "drag": return place(word, rest)
    case "model": return model(rest)
    case "wait":
      for _ in 0..<(Int(rest) ?? 1) where !timers.isEmpty {
        let (document, timer) = timers.removeFirst()
        perform(workspace.update(.woke(timer), of: document))
      }
    case "disk": send(.disk(.changed(Text(rest.replacing("\\n", with: "\n")))))
    case "file":
      let name = String(rest.prefix { $0 != " " })
      files[name] = String(rest.dropFirst(name.count + 1)).replacing("\\n", with: "\n")
    case "canvas", "notice", "unread", "step", "leader", "fail": return engine(word, rest)
    case "glanced", "reading": return pictures(word, rest)
    case "search": return search(rest.split(separator: " ").map(String.init))
    case "engines": return Self.engine(line) != nil
    case "engine":
      guard let choice = Self.engine(line) else { return false }
      send(.engine(EngineStatus(choice)))
    case "warn": warning = rest
    case "others": others = rest.split(separator: " ").map { Self.drafts(of: $0) }
    case "run":
      guard let number = Int(rest), runs.indices.contains(number - 1) else { return false }
      run = runs[number - 1]
    case "scores", "doubts": return answer(word, rest)
    case "spelling": spell(rest)
    case "considered": considered = cells(in: rest).map { ($0.slot, $0.text, $0.confidence) }
    case "frame": frames.append((rest, frame))
    default:
      for name in line.split(separator: " ") {
        guard let key = Key(String(name)) else { return false }
        press(key)
      }
    }
    return true
  }

  private mutating func place(_ word: String, _ rest: String) -> Bool {
    let numbers = rest.split { $0 == "x" || $0 == "," }.compactMap { Int($0) }
    guard numbers.count == 2 else { return false }
    if word == "size" {
      send(.resize(columns: numbers[0], rows: numbers[1]))
    } else if word == "drag" {
      send(.mouse(MouseEvent(kind: .drag, column: numbers[0], row: numbers[1])))
    } else {
      send(.mouse(MouseEvent(kind: .release, column: numbers[0], row: numbers[1])))
      send(.mouse(MouseEvent(kind: .press, column: numbers[0], row: numbers[1])))
    }
    return true
  }

  private mutating func model(_ rest: String) -> Bool {
    let word = rest.prefix { $0 != " " }
    switch word {
    case "loading": send(.model(.loading(progress: nil)))
    case "ready", "instructed", "continuing", "seeing":
      let abilities = rest.split(separator: " ").dropFirst().map(String.init)
      let modes = abilities.compactMap { DecodingMode(rawValue: $0) }
      send(
        .model(
          .ready(
            ModelSummary(
              name: "scripted", parameters: 1, backend: "none",
              followsInstructions: word == "instructed",
              modes: Set(modes + [word == "continuing" ? .autoregressive : .diffusion]),
              searches: abilities.contains("searching"), seesPictures: word == "seeing"))))
    case "failed": send(.model(.failed(String(rest.dropFirst(7)))))
    default: return false
    }
    return true
  }

  private mutating func pictures(_ word: String, _ rest: String) -> Bool {
    let words = rest.split(separator: " ")
    if word == "reading" {
      guard words.count == 2, let count = Int(words[0]), let share = Double(words[1]) else {
        return false
      }
      send(.readingPictures(PictureProgress(pictures: count, share: share)))
      return true
    }
    let glances = words.compactMap { word -> PictureGlance? in
      let parts = word.split(separator: "=")
      guard parts.count == 2, let tokens = Int(parts[1]) else { return nil }
      return PictureGlance(path: String(parts[0]), width: 640, height: 480, tokens: tokens)
    }
    send(.glanced(glances))
    return glances.count == words.count
  }

  private mutating func answer(_ word: String, _ rest: String) -> Bool {
    guard let question else { return false }
    if word == "scores" {
      let scores = rest.replacing("−", with: "-").split(separator: " ").map { score in
        let parts = score.split(separator: "/").compactMap { Double($0) }
          .map { CandidateScore.Part(logProbability: $0 * 10, tokens: 10) }
        return CandidateScore(
          passage: parts.first ?? .none, following: parts.count > 1 ? parts[1] : .none)
      }
      send(.inquiry(question.id, .scores(scores)))
      return true
    }
    var doubted: [String: WordDoubt] = [:]
    for part in rest.split(separator: " ") where part.contains("=") {
      let values = part.split { $0 == "=" || $0 == ":" }.map(String.init)
      guard values.count == 3, let probability = Float(values[1]) else { return false }
      doubted[values[0]] = WordDoubt(
        probability: probability,
        alternatives: [InfillAlternative(token: 0, text: values[2], probability: 0.5)])
    }
    let bytes = Array(question.text.utf8)
    let words = question.words.map { String(decoding: bytes[$0], as: UTF8.self) }
    guard doubted.keys.allSatisfy(words.contains) else { return false }
    send(.inquiry(question.id, .doubts(words.map { doubted[$0] ?? WordDoubt(probability: 0.9) })))
    return true
  }

  /// Answers for all words that were asked about, and for one that suggestions were wanted for.
  private mutating func spell(_ rest: String) {
    var meant: [String: [String]] = [:]
    for part in rest.split(separator: " ") {
      let parts = part.split(separator: "=", maxSplits: 1).map(String.init)
      meant[parts[0]] = parts.count > 1 ? parts[1].split(separator: ",").map(String.init) : []
    }
    let asked = effects
    effects = []
    for effect in asked {
      switch effect {
      case .checkSpelling(let words):
        send(
          .spelling(
            .checked(Dictionary(uniqueKeysWithValues: words.map { ($0, meant[$0] == nil) }))))
      case .suggestSpelling(let word):
        send(.spelling(.suggestions(for: word, meant[word] ?? [])))
      default: break
      }
    }
  }

  private mutating func engine(_ word: String, _ rest: String) -> Bool {
    guard let run else { return false }
    switch word {
    case "canvas":
      if !rest.isEmpty {
        guard let slots = Int(rest) else { return false }
        cells[run] = Array(repeating: .open, count: slots)
      }
      send(.run(run, .began(canvas: cells[run] ?? [])))
    case "leader":
      let parts = rest.split(separator: " ")
      guard let slots = parts.first.flatMap({ Int($0) }), searches[run] != nil else {
        return false
      }
      var draft = parts.dropFirst().flatMap { Self.drafts(of: $0) }
      let masks = Array(repeating: InfillCell.open, count: max(0, slots - draft.count))
      draft += masks
      let before = cells[run] ?? []
      step(
        of: run, draft,
        changed: draft.indices.filter { !before.indices.contains($0) || before[$0] != draft[$0] })
    case "notice":
      send(.run(run, .began(canvas: Array(repeating: .open, count: 20), notice: rest)))
    case "unread":
      let words = rest.split(separator: " ", maxSplits: 1).map(String.init)
      guard words.count == 2 else { return false }
      let unread = [UnreadPicture(path: words[0], reason: words[1])]
      let open = cells[run] ?? Array(repeating: .open, count: 4)
      cells[run] = open
      send(.run(run, .began(canvas: open, unread: unread)))
    case "step":
      guard var canvas = cells[run] else { return false }
      let chosen = cells(in: rest)
      guard !chosen.isEmpty, chosen.allSatisfy({ canvas.indices.contains($0.slot) }) else {
        return false
      }
      for (slot, text, confidence) in chosen {
        if text.hasPrefix("~") {
          canvas[slot] = .open
          canvas[slot].noise = String(text.dropFirst())
          continue
        }
        canvas[slot] = InfillCell(
          state: .draft, token: slot, text: text, confidence: confidence,
          alternatives: InfillAlternatives(
            considered.filter { $0.slot == slot }.map {
              InfillAlternative(token: 100 + $0.slot, text: $0.text, probability: $0.confidence)
            }))
      }
      considered = []
      step(of: run, canvas, changed: chosen.map(\.slot))
    default: send(.run(run, .failed(rest)))
    }
    return true
  }

  private mutating func step(of run: RunID, _ canvas: [InfillCell], changed: [Int]) {
    cells[run] = canvas
    let index = steps(of: run) + 1
    let search = searches[run]
    let isLast = search?.isLast ?? canvas.allSatisfy { $0.state != .open }
    send(
      .run(
        run,
        .step(
          InfillStep(
            index: index, cells: canvas, changed: changed, plannedSteps: nil, milliseconds: 40,
            forwardPasses: index, isLast: isLast, search: search?.progress, others: others,
            notice: warning))))
    others = []
    warning = nil
  }

  /// `drafting 12/16`, `polishing 0/16 1.9`.
  private mutating func search(_ words: [String]) -> Bool {
    let counts = (words.dropFirst().first ?? "").split(separator: "/").compactMap { Int($0) }
    guard let run, let word = words.first, counts.count == 2,
      let stage = word == "done" ? .polishing : SearchProgress.Stage(rawValue: word)
    else { return false }
    let join = words.dropFirst(2).first.flatMap { Float($0) }
    searches[run] = (
      SearchProgress(stage: stage, drafts: counts[1], alive: counts[0], join: join), word == "done"
    )
    return true
  }

  /// `The|sun|shines.`, a slot a word, or `░` for a mask.
  private static func drafts(of text: Substring) -> [InfillCell] {
    var drafts: [InfillCell] = []
    for word in text.split(separator: "|") {
      let blank = drafts.isEmpty && text.first != "|" ? "" : " "
      drafts.append(
        word == "░"
          ? .open
          : InfillCell(state: .draft, token: drafts.count, text: blank + word, confidence: 0.9))
    }
    return drafts
  }

  /// `0=The 2=|cat:0.4`.
  private func cells(in line: String) -> [(slot: Int, text: String, confidence: Float)] {
    typealias Chosen = (slot: Int, text: String, confidence: Float)
    return line.split(separator: " ").compactMap { part -> Chosen? in
      guard let equals = part.firstIndex(of: "="), let slot = Int(part[..<equals]) else {
        return nil
      }
      let value = part[part.index(after: equals)...]
      let colon = value.lastIndex(of: ":")
      let confidence = colon.flatMap { Float(value[value.index(after: $0)...]) }
      let text = confidence == nil ? value : value[..<(colon ?? value.endIndex)]
      let spelled = String(text).replacing("|", with: " ").replacing("⏎", with: "\n")
      return (slot, spelled, confidence ?? 0.9)
    }
  }

  private func steps(of run: RunID) -> Int {
    let editors = workspace.documents.compactMap { workspace[$0] }
    let passages = editors.flatMap { $0.passages + ($0.race?.lanes.map(\.passage) ?? []) }
    return passages.flatMap(\.candidates).first { $0.id == run }?.lastStep ?? 0
  }

  private mutating func press(_ key: Key) { send(.key(key)) }

  private mutating func send(_ event: Event) { perform(workspace.update(event)) }

  private mutating func perform(_ answer: [WorkspaceEffect]) {
    for effect in answer {
      switch effect {
      case .document(let id, let effect): perform(effect, of: id)
      case .open(let id, let name):
        let document = Document(files[name] ?? "", path: name)
        let message = files[name] == nil ? Message.note("New file") : nil
        perform(
          workspace.opened(id, .document(OpenedDocument(document, message: message))))
      case .opened, .reopen, .closed, .quit: break
      }
    }
  }

  private mutating func perform(_ effect: Effect, of id: DocumentID) {
    effects.append(effect)
    switch effect {
    case .beginRun(let run, let request): begun(run, request)
    case .beginCandidates(let starts):
      for start in starts { begun(start.run, start.request) }
    case .scoreTexts(let id, let texts, _): question = (id, texts.joined(), [])
    case .weighWords(let id, let request): question = (id, request.text, request.words)
    case .save(let request):
      perform(workspace.update(.saved(request, failure: nil), of: id))
    case .loadHistory: perform(workspace.update(.history(.none), of: id))
    case .listFiles:
      let part = FileListing.Part(files.keys.sorted(), end: .complete)
      perform(workspace.update(.listed(part), of: id))
    case .wake(let timer, _):
      timers.removeAll { $0 == (id, timer) }
      timers.append((id, timer))
    default: break
    }
  }

  private mutating func begun(_ run: RunID, _ request: InfillRequest) {
    runs.append(run)
    self.run = run
    cells[run] = request.canvas
  }

  // MARK: Files

  static func read(_ folder: URL, _ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  }

  private static func unmarked(_ marked: String) -> (text: String, anchor: Int, head: Int) {
    var text = ""
    var anchor: Int?
    var head = 0
    for character in marked {
      switch character {
      case "▮": head = text.utf8.count
      case "▯": anchor = text.utf8.count
      default: text.append(character)
      }
    }
    return (text, anchor ?? head, head)
  }
}
