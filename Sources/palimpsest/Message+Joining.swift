internal import Editing

extension Message {
  /// Several messages as one, a line each, with the most urgent kind of theirs; nil for none. A note gives way to
  /// anything more urgent.
  init?(joining messages: [Message]) {
    let urgent = messages.filter { $0.kind != .note }
    let joined = urgent.isEmpty ? messages : urgent
    guard let first = joined.first else { return nil }
    let kind = joined.contains { $0.kind == .failure } ? Kind.failure : first.kind
    self = joined.count == 1 ? first : Message(kind, joined.map(\.text).joined(separator: "\n"))
  }
}
