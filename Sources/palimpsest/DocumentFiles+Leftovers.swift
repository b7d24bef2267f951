import Documents
import Editing
import Storage

// What earlier sessions left of the document.

extension DocumentFiles {
  /// Equal texts are offered once. `onDisk` is nil for a document without a file.
  func recoveries(
    _ leftovers: [Leftover], of document: Document, onDisk disk: Contents?
  ) -> [Recovery] {
    var recoveries: [Recovery] = []
    for leftover in leftovers {
      guard let claim = recovery.claim(leftover) else { continue }
      do {
        let text = try RecoveredText.text(of: leftover, in: recovery, onDisk: disk ?? Contents([]))
          .text
        // As `RecoveredText.isOnDisk`, of a text that is read in any case.
        if text == document.text {
          recovery.discard(leftover)
          claim.close()
        } else if let equal = recoveries.firstIndex(where: { $0.text == text }) {
          offered[recoveries[equal].id, default: []].append((leftover, claim))
          if RecoveredText.isPlain(leftover, onDisk: disk) { recoveries[equal].isPlain = true }
        } else {
          offered[leftover.id] = [(leftover, claim)]
          recoveries.append(
            Recovery(
              id: leftover.id, title: RecoveredText.title(of: leftover, onDisk: disk), text: text,
              isPlain: RecoveredText.isPlain(leftover, onDisk: disk)))
        }
      } catch {
        claim.close()
        problem = Message(
          .failure,
          "Unsaved edits were found but cannot be read: \(error). "
            + "palimpsest recover lists them")
      }
    }
    return recoveries
  }

  func wordOnUnnamed() -> Message? {
    let count = recovery.leftovers().count {
      $0.isUnnamed && !RecoveredText.isOnDisk($0, in: recovery)
    }
    guard count > 0 else { return nil }
    let what = count == 1 ? "a document" : "\(count) documents"
    return Message(.note, "Unsaved text of \(what) without a name: run palimpsest recover")
  }

  /// Performs `Effect.settleRecovery`.
  func settle(_ id: String, _ outcome: Recovery.Outcome) {
    for (leftover, claim) in offered.removeValue(forKey: id) ?? [] {
      switch outcome {
      case .taken: keeper.adopt(leftover, claim)
      case .left: claim.close()
      case .discarded:
        recovery.discard(leftover)
        claim.close()
      }
    }
  }
}
