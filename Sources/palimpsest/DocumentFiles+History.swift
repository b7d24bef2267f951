import Documents
import Editing
import Storage

// The states of the document that outlive a session.

extension DocumentFiles {
  /// Performs `Effect.loadHistory`: looks for what earlier sessions kept, once; `deliver` gets the
  /// answer.
  func loadHistory(deliver: @escaping @Sendable (Delivery) -> Void = { _ in }) {
    let start = startOfHistory
    history.load(
      [given, start?.path].compactMap(\.self),
      of: { [held, reading] in
        await reading?.value
        guard let hash = start?.hash ?? held?.hash else { return nil }
        return start.map { UndoFile.Base(hash: hash, format: $0.encoding) }
      }, deliver: deliver)
  }

  /// Keeps the states of the document, whose text is that of its file, with those of earlier sessions.
  func keepHistory(of document: Document) {
    guard !document.isDirty, case .unchanged(let identity)? = expectation?.state,
      let path = expectation?.path, let hash = identity.hash ?? held?.hash
    else { return }
    loadHistory()
    history.keep(
      document, at: [document.path ?? path, path],
      UndoFile.Base(hash: hash, format: document.format.encoding.rawValue))
  }
}
