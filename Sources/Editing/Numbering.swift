/// The numbers of passages, runs and inquiries of one document, none of them given twice, also by
/// another document: the upper half of a number names its document.
struct Numbering: Sendable, Equatable {
  private var next: Int

  private static let bits = 32

  init(of document: DocumentID = .first) { next = document.number << Self.bits }

  mutating func take() -> Int {
    defer { next += 1 }
    return next
  }

  /// The document that a number belongs to.
  static func document(of number: Int) -> DocumentID { DocumentID(number: number >> bits) }
}
