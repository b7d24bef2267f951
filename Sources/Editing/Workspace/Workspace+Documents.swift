public import Documents

// Opening, showing, saving and closing documents.

/// A document as it was opened.
public struct OpenedDocument: Sendable {
  public var document: Document
  /// The place to show, both from 1.
  public var line: Int?
  public var column: Int?
  /// What to report about it.
  public var message: Message?
  /// It is only looked at.
  public var isView = false
  public var style = DocumentStyle()

  public init(
    _ document: Document, line: Int? = nil, column: Int? = nil, message: Message? = nil,
    isView: Bool = false, style: DocumentStyle = DocumentStyle()
  ) {
    self.isView = isView
    self.style = style
    self.document = document
    self.line = line
    self.column = column
    self.message = message
  }
}

/// What came of `WorkspaceEffect.open`.
public enum OpenOutcome: Sendable {
  case document(OpenedDocument)
  /// The file is open already; a place to show in it, both from 1.
  case present(DocumentID, line: Int?, column: Int?)
  /// One line for the reader.
  case failed(String)
}

extension Editor {
  /// Shows the place of a document that was opened, and what there is to report about it.
  mutating func take(_ opened: OpenedDocument) {
    style = opened.style
    if let line = opened.line { go(toLine: line, column: opened.column ?? 1) }
    if let message = opened.message { show(message) }
    isView = opened.isView
    settleViewport()
  }
}

extension Workspace {
  /// Takes over the answer to `WorkspaceEffect.open`, and shows the document.
  public mutating func opened(_ id: DocumentID, _ outcome: OpenOutcome) -> [WorkspaceEffect] {
    handling { workspace in
      switch outcome {
      case .document(let opened):
        let unused = workspace.shown.isUnused ? workspace.shown.id : nil
        workspace.add(opened, as: id)
        workspace.show(id)
        if let unused { workspace.close(unused) }
      case .present(let id, let line, let column):
        workspace.show(id)
        if let line { workspace.shown.go(toLine: line, column: column ?? 1) }
      case .failed(let reason): workspace.shown.show(.failure(reason))
      }
    }
  }

  /// Takes a document that was read again in place of what it was, at the same place.
  public mutating func reopened(
    _ id: DocumentID, _ opened: OpenedDocument
  ) -> [WorkspaceEffect] {
    handling { workspace in
      guard let index = workspace.index(of: id) else { return }
      workspace.with(id) { $0.performing { $0.drop() } }
      if case .two(let other, _) = workspace.panes, other.document == id { workspace.join() }
      let before = workspace.editors[index]
      var document = opened.document
      document.recordsChanges = true
      var editor = Editor(
        document: document, id: id, columns: before.viewport.columns, rows: before.viewport.rows,
        shared: before.shared)
      let place = before.place
      editor.take(
        OpenedDocument(
          document, line: place.line, column: place.column,
          message: opened.message ?? .reopened(document.format), isView: before.isView,
          style: opened.style))
      workspace.editors[index] = editor
    }
  }

  /// Opens a document after the others, without showing it; `id` is one of `DocumentID.atStart`.
  public mutating func open(_ opened: OpenedDocument, as id: DocumentID) {
    add(opened, as: id)
    _ = handling { _ in }
  }

  mutating func perform(_ request: WorkspaceRequest, of id: DocumentID) {
    switch request {
    case .open(let name): effects.append(.open(newID(), name: name))
    case .openNew:
      let id = newID()
      add(OpenedDocument(Document()), as: id)
      effects.append(.opened(id))
      show(id)
    case .show(let id): show(id)
    case .showNext(let forward):
      guard editors.count > 1 else { return shown.show(.onlyDocument) }
      let next = editors.focusIndex + (forward ? 1 : editors.count - 1)
      show(editors[next % editors.count].id)
    case .list: shown.list(documents.compactMap { self[$0] })
    case .saveAll: saveAll()
    case .reopen(let encoding): effects.append(.reopen(id, encoding))
    case .split: split()
    case .goToOtherPane: goToOtherPane()
    case .leave(.close): close(id)
    case .leave(.quit(let settled)): quit(settled: settled.union([id]))
    }
  }

  private mutating func add(_ opened: OpenedDocument, as id: DocumentID) {
    var document = opened.document
    document.recordsChanges = true
    var editor = Editor(
      document: document, id: id, columns: shown.viewport.columns, rows: shown.viewport.rows,
      shared: shown.shared)
    editor.take(opened)
    named = max(named, id.number + 1)
    editors.append(editor)
  }

  /// Gives a document the keys.
  mutating func focus(on id: DocumentID) {
    guard let index = index(of: id) else { return }
    let shared = shown.shared
    editors.move(to: index)
    shown.shared = shared
    // What the engine has read ahead for it may be gone.
    shown.prefill = Prefill()
    describeSurroundings()
    effects.append(.document(id, .readAhead(nil)))
  }

  private mutating func saveAll() {
    let dirty = editors.filter { $0.document.isDirty && $0.saving == nil }.map(\.id)
    guard !dirty.isEmpty else { return shown.show(.nothingToSave) }
    let named = dirty.filter { self[$0]?.canSaveAtOnce == true }
    for id in named { with(id) { $0.performing { $0.save(then: nil) } } }
    guard let unnamed = dirty.first(where: { !named.contains($0) }) else { return }
    show(unnamed)
    with(unnamed) { $0.performing { $0.save(then: nil) } }
  }

  /// Closes a document; with the last one, ends the program.
  private mutating func close(_ id: DocumentID) {
    guard let index = index(of: id) else { return }
    with(id) { $0.performing { $0.drop() } }
    let (shared, wasShown) = (shown.shared, index == editors.focusIndex)
    let columns = paneColumns
    if case .two(let other, _) = panes, other.document == id { join() }
    guard let closed = editors.remove(at: index) else { return quit(settled: [id]) }
    if wasShown {
      shown.shared = shared
      shown.prefill = Prefill()
    }
    let place = closed.place
    // What comes into this pane may be in the other one.
    if case .two(let other, _) = panes, other.document == shown.id { panes = .one }
    if paneColumns != columns { resizeEditors(rows: shown.viewport.rows) }
    effects.append(.closed(id, line: place.line, column: place.column))
  }

  /// Asks about the next document that may lose something; ends the program after the last.
  private mutating func quit(settled: Set<DocumentID>) {
    if let next = editors.first(where: { !settled.contains($0.id) && $0.losesSomething }) {
      show(next.id)
      return with(next.id) { $0.performing { $0.leave(.quit(settled: settled)) } }
    }
    effects.append(.quit(code: editors.contains { $0.document.isDirty } ? 1 : 0))
  }
}
