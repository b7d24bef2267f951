internal import ArgumentParser
import Commands
import Documents
import Editing
internal import Platform
import Storage
import Terminals

/// A document as it was opened from a location.
struct StartDocument {
  var id: DocumentID
  var location: DocumentLocation
  var opened: DocumentFiles.Opened
  var isView: Bool
  /// Where the cursor was when the file was closed last.
  var left: RecentFiles.Entry?

  /// As a workspace takes it.
  var document: OpenedDocument {
    OpenedDocument(
      opened.document, line: location.line ?? left?.line,
      column: location.line == nil ? left?.column : location.column, message: opened.message,
      isView: isView, style: opened.style)
  }
}

/// The files of all open documents.
@MainActor
final class OpenFiles {
  private let store: FileStore
  private let recovery: RecoveryFolder
  private var documents: [DocumentID: DocumentFiles] = [:]
  /// Watches the folder of journals and those of the documents' files.
  private let watch = FolderWatch()
  /// The folder that is watched for each document.
  private var watchedFolders: [DocumentID: String] = [:]
  /// When to look at the files: other programs may write in several steps.
  private(set) var lookTime: ContinuousClock.Instant?
  /// Documents that were closed and may still be writing.
  private var closed: [DocumentFiles] = []

  /// The list of files that were open lately; nil where none is kept.
  var recentFile: String?
  private let history: HistoryPolicy?
  private let styles: StyleFinder?

  /// `recent` is the list of files that were open lately, `history` says whose undo is kept, `styles`
  /// finds what files beside a document say of it; nil for none.
  init(
    store: FileStore = FileStore(), recovery: RecoveryFolder = RecoveryFolder(),
    recent: String? = nil, history: HistoryPolicy? = nil, styles: StyleFinder? = nil
  ) {
    self.store = store
    self.recovery = recovery
    recentFile = recent
    self.history = history
    self.styles = styles
    watch?.add(recovery.path)
  }

  subscript(id: DocumentID) -> DocumentFiles? { documents[id] }

  // MARK: Opening

  /// The outcome of opening a name.
  enum Outcome {
    case opened(DocumentFiles.Opened)
    case present(DocumentID)
  }

  /// Opens a document, unless its file is open already; in an encoding, if one was chosen.
  func open(
    _ location: DocumentLocation, as id: DocumentID, encoding: TextEncoding? = nil
  ) throws -> Outcome {
    if case .file(let path) = location.source, let present = try document(of: path) {
      return .present(present)
    }
    let opened = try DocumentFiles.open(
      location, as: id, encoding: encoding, store: store, recovery: recovery, history: history,
      styles: styles)
    documents[id] = opened.files
    watchFolder(of: id)
    return .opened(opened)
  }

  /// Opens a document by a name as a user writes it: `~` is the home folder, and `:LINE[:COLUMN]` at
  /// its end is a place. `deliver` gets what comes of reading on in the background. Returns the answer
  /// to the workspace, and events of the document that follow it.
  func open(
    _ name: String, as id: DocumentID, deliver: @escaping @Sendable (Delivery) -> Void
  ) -> (OpenOutcome, [Event]) {
    do {
      let location = try DocumentLocation(Directories.expandingHome(name), exists: Files.exists)
      switch try open(location, as: id) {
      case .present(let id): return (.present(id, line: location.line, column: location.column), [])
      case .opened(let opened):
        opened.files.readThrough(deliver: deliver)
        let document = StartDocument(
          id: id, location: location, opened: opened, isView: false,
          left: opened.files.path.flatMap { recentFiles()[$0] }
        ).document
        return (
          .document(document), opened.recoveries.isEmpty ? [] : [.recoverable(opened.recoveries)]
        )
      }
    } catch let error as ValidationError {
      return (.failed(error.message), [])
    } catch {
      return (.failed("\(error)"), [])
    }
  }

  /// Opens the documents of a command line, those of the same file once.
  func open(
    _ locations: [DocumentLocation], isView: Bool = false, encoding: TextEncoding? = nil
  ) throws -> [StartDocument] {
    let recent = recentFiles()
    return try zip(DocumentID.atStart(locations.count), locations).compactMap { id, location in
      guard case .opened(let opened) = try open(location, as: id, encoding: encoding) else {
        return nil
      }
      return StartDocument(
        id: id, location: location, opened: opened, isView: isView,
        left: opened.files.path.flatMap { recent[$0] })
    }
  }

  /// Reads the file of a document again in an encoding, and forgets the document it was.
  func reopen(_ id: DocumentID, in encoding: TextEncoding) throws -> OpenedDocument? {
    guard let before = documents[id], let path = before.given ?? before.path else { return nil }
    let opened = try DocumentFiles.open(
      DocumentLocation(source: .file(path)), as: id, encoding: encoding, store: store,
      recovery: recovery, history: history, styles: styles)
    before.discard()
    closed.append(before)
    documents[id] = opened.files
    watchFolder(of: id)
    return OpenedDocument(opened.document, message: opened.message, style: opened.style)
  }

  /// A document without a file.
  func openUnnamed(as id: DocumentID) {
    documents[id] = .unnamed(id, store: store, recovery: recovery, history: history)
  }

  /// The open document of a file.
  private func document(of path: String) throws(StorageError) -> DocumentID? {
    let path = try store.resolve(path)
    return documents.first { $0.value.isFile(at: path) }?.key
  }

  // MARK: Closing

  /// Forgets a document whose text is saved or given up, and remembers the place of the cursor.
  func close(_ id: DocumentID, line: Int, column: Int) {
    remember([documents[id]?.entry(line: line, column: column)])
    guard let files = documents.removeValue(forKey: id) else { return }
    files.discard()
    watchFolder(of: id)
    closed.append(files)
    setFaultMessage()
  }

  /// Ends all journals. Returns lines on where unsaved texts are if the session was cut short.
  func closeAll(of workspace: Workspace, isAbandoned: Bool) -> String? {
    // The one that is shown comes first in the list.
    let shown = workspace.shown.id
    remember(
      (workspace.documents.filter { $0 != shown } + [shown]).map { id in
        workspace[id].flatMap { documents[id]?.entry(line: $0.place.line, column: $0.place.column) }
      })
    let lines = workspace.documents.compactMap { id in
      workspace[id].flatMap { documents[id]?.close($0.document, isAbandoned: isAbandoned) }
    }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  /// Waits until background writes have finished.
  func finish() async {
    for files in closed + documents.values { await files.finish() }
  }

  // MARK: Files that were open lately

  private func remember(_ entries: [RecentFiles.Entry?]) {
    guard let recentFile else { return }
    // A list that cannot be written is missed by nobody at the end of a session.
    try? RecentFiles.note(entries.compactMap(\.self), in: recentFile)
  }

  /// Reads the list from disk; empty if none is kept.
  private func recentFiles() -> RecentFiles {
    recentFile.map { RecentFiles.load($0) } ?? RecentFiles()
  }

  /// Files that were open lately and are not open now, the latest first, as they are seen from the
  /// working folder.
  func recent() -> [String] {
    let open = Set(documents.values.compactMap(\.path))
    let working = (try? store.resolve("x")).map(Path.folder) ?? "/"
    return recentFiles().entries.map(\.path)
      .filter { !open.contains($0) && Files.exists($0) }
      .map { $0.hasPrefix(working + "/") ? String($0.dropFirst(working.count + 1)) : $0 }
  }

  // MARK: Saving

  var isSaving: Bool { documents.values.contains { $0.isSaving } }

  /// Begins to save a document, as `DocumentFiles.save` does; not over the file of another one.
  func save(
    _ request: SaveRequest, of id: DocumentID, after changes: [Transaction],
    deliver: @escaping @Sendable (Delivery) -> Void
  ) -> Event? {
    if let other = try? document(of: request.path), other != id {
      documents[id]?.record(changes)
      return .saved(
        request,
        failure: "This file is open as another document: close that, or choose another name")
    }
    return documents[id]?.save(request, after: changes, deliver: deliver)
  }

  // MARK: Journals and other processes

  /// Latest time for the next call of `keepJournal`; nil if none is needed.
  var journalTime: ContinuousClock.Instant? { documents.values.compactMap(\.journalTime).min() }

  /// As `DocumentFiles.keepJournal`.
  func keepJournal(
    of id: DocumentID, _ changes: [Transaction], document: Document, now: ContinuousClock.Instant
  ) -> Event? {
    guard let files = documents[id] else { return nil }
    let before = files.journal
    defer { if files.journal != before { setFaultMessage() } }
    return files.keepJournal(of: changes, document: document, now: now)
  }

  // MARK: Other programs

  private static let lookDelay = Duration.milliseconds(100)

  /// Watches the folder that a document's file is in now.
  private func watchFolder(of id: DocumentID) {
    let folder = documents[id]?.folder
    guard folder != watchedFolders[id] else { return }
    if let old = watchedFolders[id] { watch?.remove(old) }
    watchedFolders[id] = folder
    if let folder { watch?.add(folder) }
  }

  /// Has `look` look as soon as it is called.
  func lookSoon() { lookTime = .now }

  /// Looks at the files of all documents, if it is time to; `deliver` gets what has changed.
  func look(now: ContinuousClock.Instant, deliver: @escaping @Sendable (Delivery) -> Void) {
    guard let time = lookTime, time <= now else { return }
    lookTime = isSaving ? now + Self.lookDelay : nil
    for files in documents.values { files.look(deliver: deliver) }
  }

  /// Applies the outcome of a save, as `DocumentFiles.finish`. Returns events of the document: a new name
  /// may have another style.
  func finish(_ outcome: SaveOutcome, of id: DocumentID, after changes: [Transaction]) -> [Event] {
    guard let files = documents[id] else { return [] }
    let before = files.path
    defer {
      watchFolder(of: id)
      setFaultMessage()
    }
    if case .failure = outcome.result { lookTime = lookTime ?? .now }
    let saved = files.finish(outcome, after: changes)
    guard let styles, let path = files.path, path != before else { return [saved] }
    return [saved, .style(styles.style(of: path).style)]
  }

  /// Ends `Terminal.wait` when other processes open, edit, save or close documents, or something
  /// happens beside a document's file.
  var watched: Int32 { watch?.descriptor ?? -1 }

  /// Documents with the processes that have them open, where these changed since the last call.
  func takeNeighbours() -> [(id: DocumentID, neighbours: [Neighbour])] {
    watch?.drain()
    lookTime = lookTime ?? .now + Self.lookDelay
    return documents.compactMap { id, files in files.takeNeighbours().map { (id, $0) } }
  }

  /// Call before the process is stopped. Returns a message if that is not safe.
  func prepareToStop() -> String? {
    let warnings = documents.values.compactMap { $0.prepareToStop() }
    return warnings.isEmpty ? nil : warnings.joined(separator: "\n")
  }

  private func setFaultMessage() {
    let journals = documents.values.compactMap(\.journal).sorted()
    Terminal.setFaultMessage(
      journals.isEmpty
        ? ""
        : "palimpsest: unsaved edits are kept; open the document again to recover them "
          + "(\(journals.joined(separator: ", ")))")
  }
}
