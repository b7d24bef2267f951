public import Documents

/// Open documents, each with its editor, one of them shown; at least one is open. Like an editor, a
/// value without clock and I/O.
///
/// A document that is not shown keeps its cursor, undo, passages and overlays, and its passages keep
/// refining: replies of the engine reach the document whose number their ID has.
public struct Workspace: Sendable {
  var editors: Zipper<Editor>
  var panes = Panes.one
  /// Of the whole screen.
  var screenColumns: Int
  /// Documents that have been named so far.
  var named = 1
  var effects: [WorkspaceEffect] = []

  public init(_ editor: Editor) {
    editors = Zipper(editor)
    screenColumns = editor.viewport.columns
  }

  /// A workspace with one document, which records its changes. `columns` and `rows` are the size of
  /// the whole screen.
  public init(
    _ first: OpenedDocument, columns: Int = 80, rows: Int = 24,
    settings: EditorSettings = EditorSettings(), keymap: Keymap = .standard
  ) {
    var document = first.document
    document.recordsChanges = true
    var editor = Editor(
      document: document, columns: columns, rows: rows, settings: settings, keymap: keymap)
    editor.take(first)
    self.init(editor)
  }

  /// The editor of the shown document.
  public internal(set) var shown: Editor {
    get { editors.focus }
    _modify { yield &editors.focus }
  }

  /// As `Editor.now`.
  public var now: Int {
    get { shown.now }
    set { shown.now = newValue }
  }

  /// The open documents, in the order in which they were opened.
  public var documents: [DocumentID] { editors.map(\.id) }

  /// There is a desktop to be asked for what paste inserts.
  public var asksForClipboard: Bool {
    get { shown.asksForClipboard }
    set { shown.asksForClipboard = newValue }
  }

  /// Shows a line until the next key press.
  public mutating func show(_ message: Message) { shown.show(message) }

  /// The editor of a document; nil when it is not open.
  public subscript(id: DocumentID) -> Editor? { editors.first { $0.id == id } }

  /// The transactions of a document since the last call; none unless it records its changes.
  public mutating func takeChanges(of id: DocumentID) -> [Transaction] {
    index(of: id).map { editors[$0].takeChanges() } ?? []
  }

  func index(of id: DocumentID) -> Int? { editors.indices.first { editors[$0].id == id } }

  mutating func newID() -> DocumentID {
    defer { named += 1 }
    return DocumentID(number: named)
  }
}

// MARK: - Events

extension Workspace {
  /// Handles an event that names its document itself, or goes to the shown one or to all.
  public mutating func update(_ event: Event) -> [WorkspaceEffect] {
    switch event {
    case .run(let run, _): update(event, of: run.document)
    case .inquiry(let inquiry, _): update(event, of: inquiry.document)
    case .resize(let columns, let rows):
      handling { $0.resize(columns: columns, rows: rows) }
    case .mouse(let event): handling { $0.handle(event) }
    case .model, .outlined, .readingPictures, .adopted:
      handling { workspace in
        for id in workspace.documents {
          workspace.with(id, reporting: false) { $0.update(event) }
        }
      }
    default: update(event, of: shown.id)
    }
  }

  /// Handles an event of one document; ignores it when that was closed in the meantime.
  public mutating func update(_ event: Event, of id: DocumentID) -> [WorkspaceEffect] {
    handling { $0.with(id) { $0.update(event) } }
  }

  mutating func handling(_ body: (inout Workspace) -> Void) -> [WorkspaceEffect] {
    effects.removeAll(keepingCapacity: true)
    body(&self)
    describeSurroundings()
    return effects
  }

  /// Has an editor do something, whether its document is shown or not, and what it asks for be done.
  /// `reporting`: what a document that is not shown has to report is shown, if it cannot wait.
  mutating func with(
    _ id: DocumentID, reporting: Bool = true, _ body: (inout Editor) -> [Effect]
  ) {
    guard let index = index(of: id) else { return }
    let isHidden = index != editors.focusIndex
    let asked = isHidden ? hidden(index, reporting: reporting, body) : body(&shown)
    for effect in asked {
      // The engine reads ahead for the text that one sees.
      if isHidden, case .readAhead = effect { continue }
      effects.append(.document(id, effect))
    }
    for request in editors[index].takeRequests() { perform(request, of: id) }
  }

  private mutating func hidden(
    _ index: Int, reporting: Bool, _ body: (inout Editor) -> [Effect]
  ) -> [Effect] {
    let before = editors[index].message
    editors[index].message = nil
    editors[index].shared = shown.shared
    let asked = body(&editors[index])
    shown.shared = editors[index].shared
    if reporting, let message = editors[index].message, message.concernsHidden {
      shown.show(.elsewhere(DisplayForm.visible(editors[index].documentName), message))
    }
    editors[index].message = before
    return asked
  }

  /// Describes the other documents to the shown editor.
  mutating func describeSurroundings() {
    var others = Surroundings(number: editors.focusIndex + 1, count: editors.count)
    for editor in editors.before + editors.after {
      others.passages += editor.passages.count
      if editor.document.isDirty { others.unsaved += 1 }
    }
    shown.surroundings = others
  }
}

/// The documents around the shown one.
public struct Surroundings: Sendable, Equatable {
  /// The place of the shown document, from 1, and how many there are.
  public var number = 1
  public var count = 1
  /// Passages under refinement and documents with unsaved edits among the others.
  public var passages = 0
  public var unsaved = 0
}
