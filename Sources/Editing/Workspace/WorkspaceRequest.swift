public import Documents

/// What an editor asks of the workspace that has its document among others.
public enum WorkspaceRequest: Sendable, Equatable {
  /// Show a file, by a name as a user writes it.
  case open(String)
  case openNew
  case show(DocumentID)
  case showNext(forward: Bool)
  /// List the open documents.
  case list
  case saveAll
  /// Read the document's file again in an encoding, in place of the document.
  case reopen(TextEncoding)
  /// Show the document in two panes, or leave only the one with the keys.
  case split
  case goToOtherPane
  /// The document may go: its text is saved, or may be lost.
  case leave(Departure)
}

/// Why a document is left.
public enum Departure: Sendable, Equatable {
  case close
  /// The program ends once every document may go; `settled` may.
  case quit(settled: Set<DocumentID>)

  static let quit = Departure.quit(settled: [])
}

/// What a workspace asks for, in order.
public enum WorkspaceEffect: Sendable, Equatable {
  /// An effect of a document's editor.
  case document(DocumentID, Effect)
  /// Read a file, by a name as a user writes it; the answer is `Workspace.opened`.
  case open(DocumentID, name: String)
  /// Read a document's file again; the answer is `Workspace.reopened`.
  case reopen(DocumentID, TextEncoding)
  /// A document without a file was made.
  case opened(DocumentID)
  /// The document is not open any more; forget its journal. The place of the cursor in it, both from
  /// 1, is to be found again.
  case closed(DocumentID, line: Int, column: Int)
  /// End the program with this exit code.
  case quit(code: Int32)
}
