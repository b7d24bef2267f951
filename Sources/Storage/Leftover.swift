internal import CPlatform

/// A file of an interrupted session in the recovery folder.
public struct Leftover: Sendable, Equatable, Identifiable {
  public enum Kind: Sendable, Equatable {
    /// Edits that were never saved.
    case edits(RecoveredJournal)
    /// The text that was being written over the file.
    case interruptedSave(RecoveredJournal)
    /// Not a journal, or its beginning is damaged.
    case unreadable
  }

  /// A name that no other session has.
  public var id: String
  /// Its path.
  public var path: String
  public var kind: Kind
  /// The text that the edits begin from, if a copy exists.
  var basePath: String?

  public var journal: RecoveredJournal? {
    switch kind {
    case .edits(let journal), .interruptedSave(let journal): journal
    case .unreadable: nil
    }
  }

  /// Absolute path of the document's file; nil for a document without one, and if unreadable.
  public var document: String? {
    journal.flatMap { $0.document.hasPrefix("/") ? $0.document : nil }
  }

  /// Whether it belongs to a document that never had a file.
  public var isUnnamed: Bool { journal != nil && document == nil }
}

extension RecoveryFolder {
  /// Leftovers of one document, or of all, that no running process holds; oldest first. Texts that
  /// edits begin from are not read.
  public func leftovers(of document: String? = nil) -> [Leftover] {
    let hash = document.map(EntryName.hash)
    let entries = entries()
    let names = Set(entries.map(\.text))
    return
      entries.compactMap { entry -> Leftover? in
        guard entry.kind == .journal || entry.kind == .copy, hash == nil || entry.document == hash
        else { return nil }
        let file = Path.join(path, entry.text)
        guard let claim = files.claim(file) else { return nil }
        defer { claim.close() }
        var found = Leftover(
          id: entry.session.isEmpty ? entry.document : entry.session, path: file, kind: .unreadable)
        guard let bytes = try? files.readFile(file).bytes, let journal = RecoveredJournal(bytes)
        else { return found }
        // Two paths of one hash.
        if let document, journal.document != document { return nil }
        found.kind = entry.kind == .copy ? .interruptedSave(journal) : .edits(journal)
        let base = entry.sibling(.base).text
        if entry.kind == .journal, names.contains(base) { found.basePath = Path.join(path, base) }
        return found
      }
      .sorted { ($0.journal?.time ?? 0, $0.id) < ($1.journal?.time ?? 0, $1.id) }
  }

  /// Locks a leftover, so that no other process offers it; nil if another process has the lock, or
  /// if the leftover was removed.
  public func claim(_ leftover: Leftover) -> LockedFile? { files.claim(leftover.path) }

  /// Removes a leftover. The caller must hold its claim.
  public func discard(_ leftover: Leftover) {
    if let base = leftover.basePath { try? files.remove(base) }
    try? files.remove(leftover.path)
  }

  /// The text that the edits of a leftover begin from, given the text on disk now. Throws when that
  /// has changed and no copy was made. A copy of at least `size` bytes stays on disk.
  public func start(
    of leftover: Leftover, onDisk disk: Contents, holdingFrom size: Int = .max
  ) throws(StorageError) -> Contents {
    guard let journal = leftover.journal else {
      throw StorageError(path: leftover.path, reason: .damaged("not a journal, or damaged"))
    }
    if let snapshot = journal.snapshot { return Contents(snapshot) }
    if journal.begins(from: disk) { return disk }
    if let path = leftover.basePath,
      let copy = try? files.readOrHold(path, holdingFrom: size, copyingTo: self.path).contents,
      journal.begins(from: copy)
    {
      return copy
    }
    throw StorageError(
      path: journal.document,
      reason: .damaged("the file has changed since the edits were recorded, and no copy was made"))
  }

  /// Removes useless files: unfinished files of killed processes, marks of ended processes, texts
  /// whose journal was removed.
  public func tidy() {
    let names = (try? files.list(path)) ?? []
    let known = Set(names)
    for name in names {
      let file = Path.join(path, name)
      if name.hasSuffix(EntryName.unfinished) {
        let process = name.dropLast(EntryName.unfinished.count).split(separator: ".").last
        guard let process = process.flatMap({ Int32($0) }), cp_process_runs(process) == 0 else {
          continue
        }
      } else if let entry = EntryName(name), entry.kind == .presence || entry.kind == .base {
        if entry.kind == .base, known.contains(entry.sibling(.journal).text) { continue }
      } else {
        continue
      }
      files.claim(file)?.remove()
    }
  }
}
