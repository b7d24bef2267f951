/// The numbers of passages, runs and inquiries, none of them given twice.
struct Numbering: Sendable, Equatable {
  private var next = 0

  mutating func take() -> Int {
    defer { next += 1 }
    return next
  }
}
