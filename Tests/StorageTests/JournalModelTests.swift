import Glibc
import TestSupport
import Testing

@testable import Storage

/// Sessions on one document that edit, save, fail to write, end and are killed in any order, against
/// arrays of bytes: what is left is what was not saved, byte for byte.
@Suite struct JournalModelTests {
  private let folder = TemporaryFolder(inMemory: true)
  private let document = "/somewhere/doc.txt"

  private final class Session {
    var text: [UInt8]
    var saved: [UInt8]
    var now = ContinuousClock.now
    let keeper: JournalKeeper

    init(_ recovery: RecoveryFolder, _ document: String, _ text: [UInt8]) {
      self.text = text
      saved = text
      keeper = JournalKeeper(recovery, document: document, base: text)
    }

    func edit(_ random: inout RandomSource) {
      var edits: [JournalEdit] = []
      var start = 0
      for _ in 0..<1 + random.below(3) where start <= text.count {
        let lower = start + random.below(text.count - start + 1)
        let upper = lower + random.below(min(8, text.count - lower) + 1)
        let bytes = (0..<random.below(12)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        edits.append(JournalEdit(range: lower..<upper, replacement: bytes))
        start = upper
      }
      for edit in edits.reversed() { text.replaceSubrange(edit.range, with: edit.replacement) }
      keeper.record(edits)
      advance()
    }

    func advance(_ time: Duration = .zero) {
      now += time
      _ = keeper.advance(now: now) { Contents(text) }
    }
  }

  @Test func whatIsLeftIsWhatWasNotSaved() throws {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    let disks = FaultyFiles()
    let recovery = RecoveryFolder(folder("recover"), files: disks)
    var disk = Array("some text to begin with\n".utf8)
    var sessions: [Session] = []
    var left: [[UInt8]] = []
    for step in 0..<Property.operations {
      let place: Comment = "seed \(seed), step \(step)"
      switch random.below(40) {
      case 0 where sessions.count < 3: sessions.append(Session(recovery, document, disk))
      case 1:
        guard let one = sessions.randomElement(using: &random) else { break }
        disk = one.text
        one.saved = one.text
        one.keeper.saved(as: document, base: disk)
      case 2:
        // The disk may be full for a while, but has room again before anyone is killed.
        disks.isFull = !disks.isFull
      case 3:
        guard !sessions.isEmpty else { break }
        disks.isFull = false
        let one = sessions.remove(at: random.below(sessions.count))
        one.advance(JournalKeeper.retryDelay)
        one.advance(JournalKeeper.retryDelay)
        #expect(one.keeper.keepsEdits, place)
        one.keeper.close()
        // An edit that changes nothing leaves a journal, too.
        if one.keeper.path != nil { left.append(one.text) }
        try check(recovery, disk, left, place)
        if left.count > 4 { forget(recovery, &left) }
      case 4:
        guard !sessions.isEmpty else { break }
        sessions.remove(at: random.below(sessions.count)).keeper.discard()
      case 5: sessions.randomElement(using: &random)?.advance(.seconds(1))
      default: sessions.randomElement(using: &random)?.edit(&random)
      }
    }
    for one in sessions { one.keeper.discard() }
    try check(recovery, disk, left, "seed \(seed), at the end")
  }

  private func check(
    _ recovery: RecoveryFolder, _ disk: [UInt8], _ left: [[UInt8]], _ place: Comment
  ) throws {
    let found = try recovery.leftovers(of: document).map {
      try recovery.text(of: $0, onDisk: disk)
    }
    #expect(
      found.sorted { $0.lexicographicallyPrecedes($1) }
        == left.sorted { $0.lexicographicallyPrecedes($1) }, place)
  }

  private func forget(_ recovery: RecoveryFolder, _ left: inout [[UInt8]]) {
    for one in recovery.leftovers() { recovery.discard(one) }
    left = []
  }
}
