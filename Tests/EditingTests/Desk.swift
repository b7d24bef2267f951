import Documents
import Editing
import Infilling

/// An editor with everything it talks to: a scripted engine, a disk, a clipboard. Events wait in
/// queues until a test lets them through.
struct Desk {
  var editor: Editor
  var engine = ScriptedEngine()
  /// What the engine will do next, in order.
  var engineWork: [Effect] = []
  var disk: [String: [UInt8]] = [:]
  var copied: String?
  var quitCode: Int32?
  /// What earlier sessions kept.
  var history = HistoryReply.none
  /// What the editor waits for, in the order it was set.
  var timers: [Timer] = []
  var effects: [Effect] = []
  var model = ModelSummary(name: "scripted", parameters: 1, backend: "none")
  var outline = ModelOutline()

  /// `▮` is the cursor, `▯` the other end of the selection; without them the cursor is at 0.
  init(_ marked: String, columns: Int = 80, rows: Int = 24, path: String? = "note.txt") {
    let marks = Marks(marked)
    editor = Editor(
      document: Document(marks.text, path: path), columns: columns, rows: rows)
    select(marks.anchor, marks.head)
  }

  /// Goes there by keys alone.
  private mutating func select(_ anchor: Int, _ head: Int) {
    func characters(_ end: Int) -> Int { editor.document.text.clusters(in: 0..<end).count }
    press("Ctrl-Home", times: 1)
    press("Right", times: characters(anchor))
    if head > anchor { press("Shift-Right", times: characters(head) - characters(anchor)) }
    if head < anchor { press("Shift-Left", times: characters(anchor) - characters(head)) }
  }

  mutating func send(_ event: Event) {
    let effects = editor.update(event)
    self.effects += effects
    for effect in effects {
      switch effect {
      case .beginRun, .stepRun, .scoreTexts, .weighWords, .outlineModel, .prepareModel:
        engineWork.append(effect)
      case .beginCandidates(let starts):
        engineWork += starts.map { .beginRun($0.run, $0.request) }
      case .cancelRun(let run, let dropping):
        engineWork.removeAll {
          switch $0 {
          case .stepRun(run, _): true
          case .beginRun(run, _): dropping
          default: false
          }
        }
        if dropping { engine.drop(run) }
      case .withdraw(let inquiry):
        engineWork.removeAll {
          switch $0 {
          case .scoreTexts(inquiry, _, _), .weighWords(inquiry, _): true
          default: false
          }
        }
      case .save(let request):
        disk[request.path] = (try? request.document.contents()) ?? []
        send(.saved(request, failure: nil))
      case .copy(let text): copied = text
      case .wake(let timer, _):
        timers.removeAll { $0 == timer }
        timers.append(timer)
      case .loadHistory: send(.history(history))
      case .suspend, .redraw, .keepHistory, .export, .readAhead, .glance, .settleRecovery,
        .settleDisk,
        .cancelSave, .find, .replace, .cancelFind, .listFiles, .cancelListing, .useEngine,
        .loadLanguage, .checkSpelling, .suggestSpelling, .learnSpelling, .listSettings,
        .changeSetting, .writeSettings, .listThemes, .previewTheme, .readClipboard, .lookAtFiles,
        .tourClosed:
        break
      }
    }
    for request in editor.takeRequests() {
      if case .leave(.quit) = request { quitCode = editor.document.isDirty ? 1 : 0 }
    }
  }

  mutating func press(_ names: String..., times: Int = 1) {
    for name in names {
      guard let key = Key(name) else { preconditionFailure("no key \(name)") }
      for _ in 0..<times { send(.key(key)) }
    }
  }

  mutating func type(_ text: String) {
    for character in text {
      send(.key(character == "\n" ? Key(.enter) : Key(.character(character))))
    }
  }

  /// Lets the engine answer so many times, or as long as it is asked.
  mutating func runEngine(_ answers: Int = .max) {
    var left = answers
    while left > 0, !engineWork.isEmpty {
      left -= 1
      switch engineWork.removeFirst() {
      case .beginRun(let run, let request): send(engine.begin(run, request))
      case .stepRun(let run, _): if let event = engine.step(run) { send(event) }
      case .scoreTexts(let inquiry, let texts, _):
        send(.inquiry(inquiry, .scores(ScriptedEngine.scores(of: texts))))
      case .weighWords(let inquiry, let request):
        send(.inquiry(inquiry, .doubts(ScriptedEngine.doubts(about: request))))
      case .outlineModel: send(.outlined(outline))
      case .prepareModel: send(.model(.ready(model)))
      default: break
      }
    }
  }

  /// Lets all time pass.
  mutating func wake() {
    while !timers.isEmpty { send(.woke(timers.removeFirst())) }
  }

  var text: String { editor.document.text.description }

  /// The text with the selection marked.
  var marked: String {
    Marks.mark(text, anchor: editor.selection.anchor, head: editor.selection.head)
  }

  /// The rows of the window as text, without blank ones at the end.
  var screen: [String] {
    var rows = editor.rows().map { $0.cells.map(\.text).joined() }
    while rows.last == "" { rows.removeLast() }
    return rows
  }
}

/// A text with its selection written into it.
struct Marks {
  var text = ""
  var anchor = 0
  var head = 0

  init(_ marked: String) {
    var other: Int?
    for character in marked {
      switch character {
      case "▮": head = text.utf8.count
      case "▯": other = text.utf8.count
      default: text.append(character)
      }
    }
    anchor = other ?? head
  }

  static func mark(_ text: String, anchor: Int, head: Int) -> String {
    var bytes = Array(text.utf8)
    let marks = [(anchor, "▯"), (head, "▮")].sorted { $0.0 > $1.0 }
    for (offset, mark) in marks where mark == "▮" || anchor != head {
      bytes.insert(contentsOf: mark.utf8, at: offset)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
