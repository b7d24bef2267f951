internal import Documents

// What earlier sessions left is offered one by one, each as its differences from the document.

extension Command {
  static let recovering: [Command] = [
    Command("recovery-take", "Take these edits into the document", in: [.recovery]) {
      $0.takeRecovery()
    },
    Command("recovery-leave", "Leave them for later", in: [.recovery]) { $0.leaveRecovery() },
    Command("recovery-discard", "Discard them for good", in: [.recovery]) { editor in
      if editor.recovering != nil { editor.askWhetherToDiscard() }
    },
    Command("recovery-up", "Up", in: [.recovery]) { $0.scrollRecovery(by: -1) },
    Command("recovery-down", "Down", in: [.recovery]) { $0.scrollRecovery(by: 1) },
    Command("recovery-page-up", "Page up", in: [.recovery]) {
      $0.scrollRecovery(by: 1 - $0.viewport.textRows)
    },
    Command("recovery-page-down", "Page down", in: [.recovery]) {
      $0.scrollRecovery(by: $0.viewport.textRows - 1)
    },
  ]
}

/// The text on offer.
public struct Recovering: Sendable, Equatable {
  public let recovery: Recovery
  public let diff: RecoveryDiff
  /// From 1, and of how many.
  public let number: Int
  public let count: Int
  /// First row of the differences that is shown.
  public internal(set) var row = 0
}

extension Editor {
  /// Offers texts of earlier sessions, after those that are on offer. One that is plainly the
  /// document with edits becomes the document's text at once.
  mutating func offer(_ recoveries: [Recovery]) {
    if recoveries.count == 1, recovering == nil, let only = recoveries.first, only.isPlain {
      take(only, RecoveryDiff(from: document.text, to: only.text))
      return show(.recovered(only.title))
    }
    offers.add(recoveries)
    if recovering == nil { offerNext() }
  }

  private mutating func offerNext() {
    // Where it lay, it is not on top any more.
    recovering = nil
    let (offer, equal) = offers.next(beside: document.text)
    for id in equal { emit(.settleRecovery(id, .taken)) }
    recovering = offer
  }

  mutating func takeRecovery() {
    guard let present = recovering else { return }
    take(present.recovery, present.diff)
    offerNext()
    if recovering == nil { show(.recoveredNotSaved) }
  }

  /// Whatever its permissions: saving will ask for another name.
  private mutating func take(_ recovery: Recovery, _ diff: RecoveryDiff) {
    let edits = diff.edits
    let place = edits.first?.range.lowerBound ?? 0
    document.apply(
      Transaction(edits), label: "recovery", selectionBefore: selection,
      selectionAfter: Selection(place))
    document.closeUndoGroup()
    selection = Selection(place)
    followDocument()
    centerCursor()
    emit(.settleRecovery(recovery.id, .taken))
  }

  mutating func leaveRecovery() {
    guard let present = recovering else { return }
    emit(.settleRecovery(present.recovery.id, .left))
    offerNext()
    if recovering == nil { show(.leftForLater) }
  }

  fileprivate mutating func askWhetherToDiscard() {
    ask(
      Prompt(
        "Discard these edits for good? ",
        choices: [
          Prompt.Choice("d", "discard") { $0.discardRecovery() },
          Prompt.Choice("c", "cancel") { _ in },
        ]))
  }

  mutating func discardRecovery() {
    guard let present = recovering else { return }
    emit(.settleRecovery(present.recovery.id, .discarded))
    offerNext()
  }

  mutating func scrollRecovery(by rows: Int) {
    guard let present = recovering else { return }
    recovering?.row = max(0, min(present.row + rows, present.diff.rows - 1))
  }
}
