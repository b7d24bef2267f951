/// Names an open document for as long as the process runs; none is given twice.
public struct DocumentID: Sendable, Hashable {
  let number: Int

  /// The document that a workspace is made with.
  public static let first = DocumentID(number: 0)

  /// Documents that are open from the start, `first` among them.
  public static func atStart(_ count: Int) -> [DocumentID] {
    (0..<count).map { DocumentID(number: $0) }
  }
}
