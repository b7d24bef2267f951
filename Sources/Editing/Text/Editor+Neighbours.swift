/// Another process that has the document's file open.
public struct Neighbour: Sendable, Hashable {
  public var process: Int
  public var hasUnsavedEdits: Bool

  public init(process: Int, hasUnsavedEdits: Bool) {
    self.process = process
    self.hasUnsavedEdits = hasUnsavedEdits
  }
}

extension Editor {
  /// Takes over who else has the file open, and reports what has changed.
  mutating func meet(_ present: [Neighbour]) {
    for news in Neighbour.news(from: neighbours, to: present) { add(news) }
    neighbours = present
  }

  /// Takes over whether unsaved edits are on disk; `failure` is the reason why they are not.
  mutating func keeping(_ failure: String?) {
    isUnkept = failure != nil
    add(failure.map(Message.editsNotKept) ?? .editsKeptAgain)
  }

  /// Shows news that no key asked for.
  mutating func add(_ news: Message) { show(news.added(to: message)) }
}

extension Neighbour {
  /// What has changed, process by process.
  static func news(from old: [Neighbour], to new: [Neighbour]) -> [Message] {
    let before = Dictionary(old.map { ($0.process, $0) }) { $1 }
    let changes = new.compactMap { neighbour -> Message? in
      switch (before[neighbour.process]?.hasUnsavedEdits, neighbour.hasUnsavedEdits) {
      case (nil, true), (false, true): .editedElsewhere(process: neighbour.process)
      case (nil, false): .openElsewhere(process: neighbour.process)
      case (true, false): .savedElsewhere(process: neighbour.process)
      case (false, false), (true, true): nil
      }
    }
    let present = Set(new.map(\.process))
    return changes
      + before.keys.sorted().filter { !present.contains($0) }.map { .closedElsewhere(process: $0) }
  }
}

extension Message {
  /// The message after one that no key has dismissed yet. Of several news the latest is shown.
  fileprivate func added(to shown: Message?) -> Message {
    switch shown {
    case nil: self
    case .both(let first, _)?: .both(first, self)
    case let first?: first.isNews ? self : .both(first, self)
    }
  }

  /// Whether it reports what other processes did, which the next such report replaces.
  fileprivate var isNews: Bool {
    switch self {
    case .openElsewhere, .editedElsewhere, .savedElsewhere, .closedElsewhere, .reloaded,
      .changedOnDisk, .changedUnderReview, .changedOnDiskLarge, .removedFromDisk:
      true
    default: false
    }
  }
}
