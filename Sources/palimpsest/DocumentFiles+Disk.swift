import Documents
import Editing
import Storage

// What other programs do to the document's file.

extension DocumentFiles {
  /// The absolute path of the document's file; nil for a document without one.
  var path: String? { expectation?.path }

  /// What to remember of a file that exists.
  func entry(line: Int, column: Int) -> RecentFiles.Entry? {
    guard let expectation, expectation.state != .missing else { return nil }
    return RecentFiles.Entry(path: expectation.path, line: line, column: column)
  }

  /// The folder of the document's file; nil for a document without one.
  var folder: String? { expectation.map { Path.folder(of: $0.path) } }

  /// The file as it was read or written last; nil where it did not exist.
  private var identity: FileIdentity? {
    guard case .unchanged(var identity)? = expectation?.state else { return nil }
    identity.hash = identity.hash ?? held?.hash
    return identity
  }

  /// Looks in the background whether another program has changed the file; `deliver` gets news for
  /// `take`, and nothing where there are none.
  func look(deliver: @escaping @Sendable (Delivery) -> Void) {
    guard let path = expectation?.path, !isSaving else { return }
    looking = Task.detached(priority: .utility) { [id, store, identity, before = looking] in
      await before?.value
      let change = try? store.change(of: path, since: identity, holdingFrom: Self.heldSize)
      switch change {
      case nil, FileChange.none?: break
      case let change?: deliver(.disk(id, change, since: identity))
      }
    }
  }

  /// Takes over what `look` found; `changes` are those not yet in the journal. Returns an event
  /// where the editor does not know yet.
  func take(
    _ change: FileChange, since before: FileIdentity?, after changes: [Transaction],
    hasByteOrderMark: Bool
  ) -> Event? {
    guard let path = expectation?.path, !isSaving, before == identity else { return nil }
    record(changes)
    switch change {
    case .none: return nil
    case .touched(let identity):
      expectation = (path, .unchanged(identity))
      return unsettle(nil) ? .disk(.same) : nil
    case .removed:
      expectation = (path, .missing)
      _ = unsettle(nil)
      return .disk(.removed)
    case .changed(let loaded):
      guard unsettle(loaded) else { return nil }
      guard held == nil, loaded.contents.held == nil, let text = try? Text(loaded.contents) else {
        return .disk(.changedLarge)
      }
      return .disk(.changed(text.withoutByteOrderMark(hasByteOrderMark)))
    }
  }

  /// Replaces the text on disk that is not dealt with; whether it is another one.
  private func unsettle(_ loaded: LoadedFile?) -> Bool {
    defer { unsettled = loaded }
    guard let old = unsettled?.identity, let new = loaded?.identity else {
      return unsettled != nil || loaded != nil
    }
    return old.hash == nil || old.hash != new.hash || old.size != new.size
  }

  /// Performs `Effect.settleDisk`; `changes` are those not yet in the journal.
  func settle(_ settlement: DiskState.Settlement, after changes: [Transaction], count: Int) {
    guard let loaded = unsettled, let identity = loaded.identity, let path = expectation?.path
    else {
      return record(changes)
    }
    unsettled = nil
    expectation = (path, .unchanged(identity))
    switch settlement {
    case .kept: record(changes)
    case .taken:
      // The text on disk is the document's: the changes that led there need no journal.
      textStart = loaded.contents.count - count
      keeper.saved(as: path, base: loaded.contents, hash: identity.hash)
    }
  }
}
