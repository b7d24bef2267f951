import Documents
import Editing
internal import Platform
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
    looking = Task.detached(executorPreference: BackgroundThreads.shared, priority: .utility) {
      [id, store, identity, before = looking] in
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
    format: FileFormat = .utf8
  ) -> Event? {
    record(changes)
    guard let path = expectation?.path, !isSaving, isIdentity(before) else { return nil }
    switch change {
    case .none: return nil
    case .touched(let identity):
      expectation = (path, .unchanged(identity))
      return note(nil) ? .disk(.same) : nil
    case .removed:
      expectation = (path, .missing)
      _ = note(nil)
      return .disk(.removed)
    case .changedLarge(let identity): return note(.large(identity)) ? .disk(.changedLarge) : nil
    case .changed(let loaded):
      guard held == nil, let identity = loaded.identity,
        let file = try? DecodedFile(loaded.contents, as: chosen, after: format)
      else {
        return loaded.identity.map { note(.large($0)) } == true ? .disk(.changedLarge) : nil
      }
      guard note(.text(file, identity)) else { return nil }
      return .disk(.changed(file.text))
    }
  }

  private func isIdentity(_ other: FileIdentity?) -> Bool {
    guard let identity, let other else { return identity == nil && other == nil }
    return identity.isSameState(as: other)
  }

  /// What other programs have made of the file, which the editor knows of and has not dealt with.
  enum Unsettled {
    case text(DecodedFile, FileIdentity)
    case large(FileIdentity)

    /// Whether another has nothing new.
    func covers(_ other: Unsettled) -> Bool {
      switch (self, other) {
      case (.text(_, let old), .text(_, let new)): old.hash == new.hash && old.size == new.size
      case (.large(let old), .large(let new)): old.isSameState(as: new)
      case (.text, .large), (.large, .text): false
      }
    }
  }

  /// Replaces the pending change of the file. Returns whether the editor must be informed.
  private func note(_ found: Unsettled?) -> Bool {
    defer { unsettled = found }
    guard let old = unsettled, let found else { return unsettled != nil || found != nil }
    return !old.covers(found)
  }

  /// Performs `Effect.settleDisk`; `changes` are those not yet in the journal. Returns an event for the
  /// format of a text that was taken.
  func settle(_ settlement: DiskState.Settlement, after changes: [Transaction]) -> Event? {
    guard case .text(let file, let identity)? = unsettled, let path = expectation?.path else {
      record(changes)
      return nil
    }
    unsettled = nil
    expectation = (path, .unchanged(identity))
    switch settlement {
    case .kept:
      record(changes)
      return nil
    case .taken:
      // The text on disk is the document's: the changes that led there need no journal.
      textStart = file.base.count - file.text.count
      let hash = file.journalFormat.isEmpty ? identity.hash : try? file.base.hash()
      keeper.saved(as: path, base: file.base, hash: hash, format: file.journalFormat)
      return .format(file.format)
    }
  }
}
