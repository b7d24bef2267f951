/// The name of a file in the recovery folder: a hash of the document's path, an identifier of the
/// session, and the kind.
struct EntryName: Equatable {
  enum Kind: String {
    /// A process has the document open.
    case presence = "open"
    /// Edits of a session.
    case journal
    /// The text that the edits of a journal begin from.
    case base
    /// A text about to be written over a file in place.
    case copy = "save"
  }

  var document: String
  var session: String
  var kind: Kind

  /// Of a file that is being written; it has the process in its name.
  static let unfinished = ".new"

  init(_ document: String, session: String, _ kind: Kind) {
    self.document = EntryName.hash(document)
    self.session = session
    self.kind = kind
  }

  /// nil for names of other files.
  init?(_ name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 2, parts.count <= 3, parts[0].utf8.count == 16,
      let kind = Kind(rawValue: parts[parts.count - 1])
    else { return nil }
    document = parts[0]
    session = parts.count == 3 ? parts[1] : ""
    self.kind = kind
  }

  var text: String {
    document + (session.isEmpty ? "" : "." + session) + "." + kind.rawValue
  }

  /// The file of another kind of the same session.
  func sibling(_ kind: Kind) -> EntryName {
    var other = self
    other.kind = kind
    return other
  }

  /// Sixteen digits: the hash of a document's path.
  static func hash(_ document: String) -> String {
    let digits = String(ContentHash.hash(Array(document.utf8)), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// A name for a session that no other has.
  static func newSession() -> String {
    String(UInt64.random(in: 1 << 40...UInt64.max), radix: 36)
  }
}
