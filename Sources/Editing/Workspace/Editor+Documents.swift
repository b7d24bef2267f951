internal import Documents
internal import Strings

// What an editor knows and asks about the documents around its own.

extension Command {
  static let documents: [Command] = [
    Command("open", "Open another file", in: [.text, .review]) { $0.listFiles() },
    Command("new", "New document", in: [.text, .review]) { $0.ask(for: .openNew) },
    Command("close", "Close the document", in: [.text, .review]) { $0.leave(.close) },
    Command("next-document", "Next document", in: [.text, .review]) {
      $0.ask(for: .showNext(forward: true))
    },
    Command("previous-document", "Previous document", in: [.text, .review]) {
      $0.ask(for: .showNext(forward: false))
    },
    Command("documents", "List the open documents", in: [.text, .review]) { $0.ask(for: .list) },
    Command("toggle-view", "View only, or edit", in: [.text, .review]) { editor in
      guard !editor.isReplay else { return editor.show(.recordingOpensNone) }
      editor.isView.toggle()
      editor.show(.views(editor.isView))
    },
    Command("split", "Two panes, or only this one", in: [.text, .review]) { $0.ask(for: .split) },
    Command("other-pane", "Go to the other pane", in: [.text, .review]) {
      $0.ask(for: .goToOtherPane)
    },
    Command("save-all", "Save all documents", in: [.text, .review]) { $0.ask(for: .saveAll) },
  ]
}

extension Editor {
  mutating func ask(for request: WorkspaceRequest) { requests.append(request) }

  /// What was asked of the workspace since the last call, in order.
  public mutating func takeRequests() -> [WorkspaceRequest] {
    defer { requests = [] }
    return requests
  }

  /// The effects of something that is not an event.
  mutating func performing(_ body: (inout Editor) -> Void) -> [Effect] {
    effects.removeAll(keepingCapacity: true)
    body(&self)
    settleViewport()
    return effects
  }

  /// The place of the cursor, both from 1; columns in characters.
  public var place: (line: Int, column: Int) {
    (document.text.line(at: selection.head) + 1, column(of: selection.head) + 1)
  }

  /// Nothing was opened here or typed: another document can take its place.
  var isUnused: Bool {
    document.path == nil && !document.isDirty && document.history.nodes.count == 1
      && passages.isEmpty && overlays.isEmpty
  }

  /// Leaving the document needs an answer.
  var losesSomething: Bool {
    !isReplay && (document.isDirty || !passages.isEmpty || saving != nil)
  }

  /// Saving needs no answer.
  var canSaveAtOnce: Bool {
    if case .changed = disk { return false }
    return document.path != nil && !document.isReadOnly && !isReplay
  }

  /// Has the engine drop everything of this document.
  mutating func drop() {
    closeRace()
    for index in passages.indices {
      withdrawQuestions(index)
      dropRuns(index)
    }
    if doubts != nil { toggleDoubtMap() }
    if searching != nil { emit(.cancelFind) }
    if !document.isDirty, !isReplay { emit(.keepHistory(document)) }
  }

  /// Lists documents, the shown one selected.
  mutating func list(_ editors: [Editor]) {
    let items = editors.enumerated().map { index, editor in
      Picker.Item(
        text: editor.documentName + (editor.document.isDirty ? "*" : ""),
        detail: editor.passages.isEmpty
          ? editor.document.path ?? ""
          : editor.passages.count.counted("passage") + " under review",
        index: index)
    }
    picker = Picker(
      .documents(editors.map(\.id)), items,
      selected: editors.firstIndex { $0.id == id } ?? 0)
  }
}
