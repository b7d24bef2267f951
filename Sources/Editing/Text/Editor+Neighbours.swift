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
    let before = Dictionary(neighbours.map { ($0.process, $0) }) { $1 }
    let now = Dictionary(present.map { ($0.process, $0) }) { $1 }
    neighbours = present
    for neighbour in present {
      switch (before[neighbour.process]?.hasUnsavedEdits, neighbour.hasUnsavedEdits) {
      case (nil, true), (false, true):
        add(.editedElsewhere(process: neighbour.process))
      case (nil, false): add(.openElsewhere(process: neighbour.process))
      case (true, false): add(.savedElsewhere(process: neighbour.process))
      case (false, false), (true, true): break
      }
    }
    for gone in before.values where now[gone.process] == nil {
      add(.closedElsewhere(process: gone.process))
    }
  }

  /// Takes over whether unsaved edits are on disk; `failure` is the reason why they are not.
  mutating func keeping(_ failure: String?) {
    isUnkept = failure != nil
    add(failure.map(Message.editsNotKept) ?? .editsKeptAgain)
  }

  /// Shows news that no key asked for, after a message that no key has dismissed yet. Of several
  /// such news the latest is shown.
  mutating func add(_ news: Message) {
    switch message {
    case nil: show(news)
    case .both(let first, _)?: show(.both(first, news))
    case let first? where first.isNews: show(news)
    case let first?: show(.both(first, news))
    }
  }
}

extension Message {
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
