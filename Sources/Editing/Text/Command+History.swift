internal import Documents
internal import Strings

// Undo, redo and the states of the text by their times, those of earlier sessions included.

extension Command {
  static let history: [Command] = [
    Command("undo", "Undo") { editor in
      if !editor.recallRejected() { editor.travel(by: .undo) }
    },
    Command("redo", "Redo") { $0.travel(by: .redo) },
    Command("next-undo-branch", "Previous state, on any branch of undo") {
      $0.travel(by: .earlier)
    },
    Command("earlier-state", "The text as it was 10m, 2h or 3d ago") { $0.askForTimeAgo() },
    Command("latest-state", "Back to the latest text, after an earlier one") {
      $0.travel(by: .latest)
    },
    Command("states", "List the states of the text with their times") { $0.travel(by: .list) },
  ]
}

/// A way through the history.
enum Travel: Sendable, Equatable {
  case undo, redo, earlier, latest
  /// The latest state of that many seconds ago.
  case ago(Int)
  case to(revision: Int)
  /// Show the states.
  case list
}

/// States of earlier sessions. They are read on first use.
enum Past: Sendable, Equatable {
  case unread
  /// Ways that wait for them, unless the text has another revision by then.
  case reading([Travel], revision: Int)
  case known
}

extension Editor {
  /// Goes there; first has the states of earlier sessions read if they may matter.
  mutating func travel(by way: Travel) {
    guard past == .known || !needsPast(way) else {
      guard case .reading(let waiting, document.revision) = past else {
        if past == .unread { emit(.loadHistory) }
        past = .reading([way], revision: document.revision)
        return
      }
      past = .reading(waiting + [way], revision: document.revision)
      return
    }
    perform(way)
  }

  private func needsPast(_ way: Travel) -> Bool {
    let history = document.history
    guard document.path != nil, !isReplay else { return false }
    return switch way {
    case .undo: !history.canUndo
    case .redo: !history.canRedo && !history.canUndo
    case .earlier: history.current == 0
    case .latest: history.nodes.count == 1
    case .ago, .list: true
    case .to: false
    }
  }

  /// Takes over the states of earlier sessions, and goes on with what waits for them.
  mutating func receive(_ reply: HistoryReply) {
    let waiting: [Travel]
    if case .reading(let ways, document.revision) = past { waiting = ways } else { waiting = [] }
    let wasKnown = past == .known
    past = .known
    guard !wasKnown else { return }
    var remark: Message?
    switch reply {
    case .none: break
    case .ofAnotherText: remark = .undoOfAnotherText
    case .kept(let kept, let isWhole):
      if !document.take(kept) {
        remark = .undoUnusable("it does not fit the text")
      } else if !isWhole {
        remark = .undoDamaged
      }
    case .failed(let reason): remark = .undoUnusable(DisplayForm.visible(reason))
    }
    for way in waiting { perform(way) }
    guard let remark, !waiting.isEmpty else { return }
    // Instead of that there is nothing to undo; beside what was undone.
    if remark == .undoDamaged, let message { return show(.both(message, remark)) }
    if message == nil || message == .nothingToUndo || message == .firstState { show(remark) }
  }

  private mutating func perform(_ way: Travel) {
    switch way {
    case .undo:
      let state = document.history.nodes[document.history.current]
      if travel(.nothingToUndo, { $0.undo() }) { show(.undone(description(of: state))) }
    case .redo:
      guard travel(.nothingToRedo, { $0.redo() }) else { return }
      show(.redone(description(of: document.history.nodes[document.history.current])))
    case .earlier: travel(.firstState) { $0.earlier() }
    case .latest: returnToLatest()
    case .ago(let seconds): goBack(seconds)
    case .to(let revision):
      let nodes = document.history.nodes
      guard let node = nodes.firstIndex(where: { $0.revision == revision }) else { return }
      travel(.firstState) { $0.visit(node) }
    case .list: listStates()
    }
  }

  /// Label of an edit, with its time unless that is obvious.
  private func description(of state: History.Node) -> String {
    guard let age = age(of: state), age >= 600 else { return state.label }
    return "\(state.label), \(TimeSpan(age).words) ago"
  }

  /// Seconds; nil where the time is not known.
  private func age(of state: History.Node) -> Int? {
    state.time > 0 && now > 0 ? max(0, now - state.time) : nil
  }

  // MARK: By time

  fileprivate mutating func askForTimeAgo() {
    var asked = Prompt("As it was this long ago: ") { editor, text in
      guard let span = TimeSpan(spelled: text) else { return .spanExpected }
      editor.travel(by: .ago(span.seconds))
      return nil
    }
    asked.presets = ["10m", "1h", "yesterday", "7d"]
    ask(asked)
  }

  private mutating func goBack(_ seconds: Int) {
    let nodes = document.history.nodes
    let found = nodes.lastIndex { $0.time > 0 && $0.time <= now - seconds }
    let node = found ?? 0
    let before = document.revision
    guard node != document.history.current else {
      return show(found == nil ? .firstState : .unchangedSince(ago: seconds))
    }
    guard travel(.firstState, { $0.visit(node) }) else { return }
    leftState = leftState ?? before
    show(.asItWas(ago: seconds, isFirst: found == nil))
  }

  /// To the state that was left for an earlier one, or to the one made last.
  private mutating func returnToLatest() {
    let nodes = document.history.nodes
    let left = leftState.flatMap { revision in nodes.firstIndex { $0.revision == revision } }
    leftState = nil
    let node = left ?? nodes.count - 1
    guard node != document.history.current else { return show(.wasLatest) }
    if travel(.wasLatest, { $0.visit(node) }) { show(.latestState) }
  }

  /// States that a list has at most.
  private static let mostListed = 1000

  private mutating func listStates() {
    let nodes = Array(document.history.nodes.enumerated().suffix(Self.mostListed).reversed())
    picker = Picker(
      .states(nodes.map(\.element.revision)),
      nodes.enumerated().map { index, state in
        let label = state.element.label
        let ago = age(of: state.element).map { "\(TimeSpan($0).words) ago" } ?? ""
        let saved = state.element.revision == document.savedRevision ? "saved, " : ""
        return Picker.Item(
          text: label.isEmpty ? "as it was opened" : label, detail: saved + ago, index: index)
      },
      selected: nodes.firstIndex { $0.offset == document.history.current } ?? 0)
  }
}
