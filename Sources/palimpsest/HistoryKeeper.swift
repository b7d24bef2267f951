import Documents
import Editing
internal import Platform
import Storage

/// Selects the documents whose undo history is kept for later sessions, and its folder.
struct HistoryPolicy: Sendable {
  var folder = UndoFolder()
  /// Documents whose undo is not kept.
  var never: [PathPattern] = []

  /// Folders in memory, whose files are not meant to outlive it, and git's own, which have another text
  /// each time.
  private static let unkept = ["/dev/shm/", "/run/", "/.git/"]

  /// `paths` lead to one file.
  func keeps(_ paths: [String]) -> Bool {
    let paths = paths.flatMap(Files.absolutePaths)
    return !paths.isEmpty
      && !paths.contains { path in
        Self.unkept.contains { path.contains($0) } || never.contains { $0.matches(path) }
      }
  }
}

/// Keeps the states of one document for later sessions, and finds those of earlier ones. Files are read
/// and written in the background, one after another.
@MainActor
final class HistoryKeeper {
  private let id: DocumentID
  /// nil keeps nothing.
  private let policy: HistoryPolicy?
  private var loading: Task<HistoryReply, Never>?
  private var writing: Task<Void, Never>?
  /// The states written last.
  private var kept: (states: Int, revision: Int)?

  init(_ id: DocumentID, _ policy: HistoryPolicy?) {
    self.id = id
    self.policy = policy
  }

  /// Looks for the states of earlier sessions, once; `deliver` gets the answer. `paths` lead to the file
  /// that the document began with, the last without links, and `base` is its text; nil where that is not
  /// known.
  func load(
    _ paths: [String], of base: @escaping @Sendable () async -> UndoFile.Base?,
    deliver: @escaping @Sendable (Delivery) -> Void
  ) {
    guard loading == nil else { return }
    loading = Task.detached(executorPreference: BackgroundThreads.shared) { [id, policy] in
      var reply = HistoryReply.none
      if let policy, let path = paths.last, policy.keeps(paths), let base = await base() {
        reply = HistoryReply(policy.folder.load(path, of: base))
      }
      deliver(.document(id, .history(reply)))
      return reply
    }
  }

  /// Writes the states of a document whose text is in the file that `paths` lead to, the last without
  /// links, with those of earlier sessions, unless nothing has changed.
  func keep(_ document: Document, at paths: [String], _ base: UndoFile.Base) {
    let state = (states: document.history.nodes.count, revision: document.revision)
    guard let policy, let path = paths.last, state.states > 1,
      kept.map({ $0 != state }) ?? true, policy.keeps(paths)
    else { return }
    kept = state
    writing = Task.detached(executorPreference: BackgroundThreads.shared, priority: .utility) {
      [loading, before = writing] in
      await before?.value
      var document = document
      if case .kept(let earlier, _)? = await loading?.value { _ = document.take(earlier) }
      // Undo that cannot be kept is missed by nobody at the end of a session, and the text is saved.
      try? policy.folder.write(UndoFile(document.history.kept, of: path, base))
    }
  }

  func finish() async {
    _ = await loading?.value
    await writing?.value
  }
}

// Where the history of a document and its file meet: the one knows nothing of the other.

extension HistoryReply {
  init(_ found: UndoFolder.Found) {
    switch found {
    case .none: self = .none
    case .ofAnotherText: self = .ofAnotherText
    case .unusable(let reason): self = .failed(reason)
    case .undo(let file, let isWhole): self = .kept(KeptHistory(file), isWhole: isWhole)
    }
  }
}

extension KeptHistory {
  init(_ file: UndoFile) {
    self.init(
      known: Stamp(number: file.number, time: file.time),
      states: file.states.map { state in
        let places = state.selections
        return State(
          stamp: Stamp(number: state.number, time: state.time), neighbour: state.neighbour,
          isLater: state.isLater, isPreferred: state.isPreferred, label: state.label,
          selectionBefore: Selection(anchor: places[0], head: places[1]),
          selectionAfter: Selection(anchor: places[2], head: places[3]),
          forward: state.forward.map(Documents.Edit.init),
          backward: state.backward.map(Documents.Edit.init))
      })
  }
}

extension UndoFile {
  init(_ kept: KeptHistory, of document: String, _ base: Base) {
    self.init(
      document: document, base: base, number: kept.known.number, time: kept.known.time,
      states: kept.states.map { state in
        let (before, after) = (state.selectionBefore, state.selectionAfter)
        return State(
          number: state.stamp.number, time: state.stamp.time, neighbour: state.neighbour,
          isLater: state.isLater, isPreferred: state.isPreferred, label: state.label,
          selections: [before.anchor, before.head, after.anchor, after.head],
          forward: state.forward.map(JournalEdit.init),
          backward: state.backward.map(JournalEdit.init))
      })
  }
}

extension Documents.Edit {
  fileprivate init(_ kept: JournalEdit) {
    self.init(range: kept.range, replacement: kept.replacement)
  }
}

extension JournalEdit {
  fileprivate init(_ edit: Documents.Edit) {
    self.init(range: edit.range, replacement: edit.replacement)
  }
}
