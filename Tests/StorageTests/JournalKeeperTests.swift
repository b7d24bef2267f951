import Glibc
import Testing

@testable import Storage

@Suite struct JournalKeeperTests {
  private let folder = TemporaryFolder(inMemory: true)
  private var recovery: RecoveryFolder { RecoveryFolder(folder("state/recover")) }
  private let document = "/somewhere/doc.txt"
  private let start = ContinuousClock.now

  /// An editor as far as its journal goes: a text, and the keeper that is told of its edits.
  private final class Session {
    var text: [UInt8]
    let keeper: JournalKeeper
    var now: ContinuousClock.Instant
    var news: [JournalKeeper.News] = []

    init(_ recovery: RecoveryFolder, _ document: String, _ text: [UInt8]) {
      self.text = text
      keeper = JournalKeeper(recovery, document: document, base: text)
      now = .now
    }

    func type(_ new: String, at offset: Int = 0) {
      replace(offset..<offset, new)
    }

    func replace(_ range: Range<Int>, _ new: String) {
      text.replaceSubrange(range, with: Array(new.utf8))
      keeper.record([JournalEdit(range: range, replacement: Array(new.utf8))])
      advance()
    }

    func advance(_ time: Duration = .zero) {
      now += time
      if let news = keeper.advance(now: now, text: { Contents(text) }) { self.news.append(news) }
    }

    var isFailing: Bool {
      if case .failing? = news.last { true } else { false }
    }
  }

  private func session(_ text: String, files: any FileSystem = SystemFiles()) -> Session {
    Session(
      RecoveryFolder(folder("state/recover"), files: files), document, Array(text.utf8))
  }

  private func leftTexts(onDisk disk: String) throws -> [String] {
    try recovery.leftovers(of: document).map {
      String(decoding: try recovery.text(of: $0, onDisk: Array(disk.utf8)), as: UTF8.self)
    }
  }

  /// A and B type, A undoes and ends, B types on and is killed: there is B's text and no other.
  @Test func twoEditorsOnOneFile() throws {
    let text = "line 0\nline 1\n"
    let (a, b) = (session(text), session(text))
    a.type("AAA")
    b.type("BBBBBBBBBB\n")
    a.replace(0..<3, "")
    a.keeper.discard()
    b.type("ccc", at: 18)
    b.keeper.close()
    #expect(try leftTexts(onDisk: text) == ["BBBBBBBBBB\nline 0\ncccline 1\n"])
  }

  @Test func aSaveLeavesTheOthersJournal() throws {
    let (a, b) = (session("x"), session("x"))
    a.type("AAA")
    b.type("BBB")
    b.keeper.saved(as: document, base: b.text)
    a.type("CCC", at: 3)
    a.keeper.close()
    b.keeper.close()
    #expect(try leftTexts(onDisk: "BBBx") == ["AAACCCx"])
    let left = try #require(recovery.leftovers().first?.journal)
    #expect(!left.begins(from: b.text))
  }

  @Test func bothAreKeptWhenBothAreKilled() throws {
    let (a, b) = (session("x"), session("x"))
    a.type("AAA")
    b.type("BBB")
    a.keeper.close()
    b.keeper.close()
    #expect(try leftTexts(onDisk: "x").sorted() == ["AAAx", "BBBx"])
  }

  @Test func eachKnowsOfTheOther() throws {
    let process = Int(getpid())
    let a = session("x")
    #expect(a.keeper.neighbours().isEmpty)
    let b = session("x")
    let opened = RecoveryFolder.Neighbour(process: process, hasUnsavedEdits: false)
    let edited = RecoveryFolder.Neighbour(process: process, hasUnsavedEdits: true)
    #expect(a.keeper.neighbours() == [opened])
    #expect(b.keeper.neighbours() == [opened])
    a.type("AAA")
    #expect(b.keeper.neighbours() == [edited])
    #expect(a.keeper.neighbours() == [opened])
    a.keeper.saved(as: document, base: a.text)
    #expect(b.keeper.neighbours() == [opened])
    a.keeper.saved(as: "/other", base: a.text)
    #expect(b.keeper.neighbours().isEmpty)
    b.keeper.close()
  }

  @Test func aWatchedFolderSaysThatSomethingHappens() throws {
    let a = session("x")
    let watch = try #require(FolderWatch())
    #expect(!watch.add(recovery.path + "/missing") && watch.add(recovery.path))
    func isReady() -> Bool {
      var entry = pollfd(fd: watch.descriptor, events: Int16(POLLIN), revents: 0)
      return unsafe poll(&entry, 1, 0) == 1
    }
    #expect(!isReady())
    let b = session("x")
    #expect(isReady())
    watch.drain()
    #expect(!isReady())
    b.type("b")
    #expect(isReady())
    watch.drain()
    b.type("c")
    #expect(!isReady())
    b.keeper.discard()
    #expect(isReady())
    a.keeper.discard()
  }

  /// A failure at any operation, of any kind: nothing typed is missing once the disk works again,
  /// and the failure is told once, as is its end.
  @Test(arguments: [.error(ENOSPC), .error(EIO), .tornError(ENOSPC)] as [FaultyFiles.Fault])
  func nothingIsMissingAfterAFailure(fault: FaultyFiles.Fault) throws {
    func run(_ files: FaultyFiles) throws -> Session {
      let session = session("x", files: files)
      for letter in ["a", "b", "c"] {
        session.type(letter)
        session.advance(JournalKeeper.synchronizeDelay)
      }
      // Time for another try, and for making it durable.
      session.advance(JournalKeeper.retryDelay)
      session.advance(JournalKeeper.retryDelay)
      session.keeper.close()
      return session
    }
    let probe = FaultyFiles()
    #expect(try run(probe).news.isEmpty)
    #expect(try leftTexts(onDisk: "x") == ["cbax"])
    var failures = 0
    for position in 0..<probe.operations {
      for left in recovery.leftovers() { recovery.discard(left) }
      let session = try run(FaultyFiles(fault, at: position))
      #expect(!session.isFailing, "operation \(position)")
      #expect(session.news.count <= 2, "operation \(position)")
      failures += session.news.isEmpty ? 0 : 1
      #expect(try leftTexts(onDisk: "x").contains("cbax"), "operation \(position)")
    }
    #expect(failures > 0)
  }

  @Test func aFolderThatCannotBeWrittenIsToldOnceAndTriedAgain() throws {
    // A file stands where the folder should be.
    shell("mkdir '\(folder("state"))'; echo > '\(folder("state/recover"))'")
    let session = session("x")
    for letter in ["a", "b", "c"] {
      session.type(letter)
      session.advance(JournalKeeper.retryDelay)
    }
    #expect(session.news.count == 1 && session.isFailing)
    #expect(!session.keeper.keepsEdits)
    let next = try #require(session.keeper.nextTime)
    #expect(next > session.now)
    shell("rm '\(folder("state/recover"))'")
    session.advance(JournalKeeper.retryDelay)
    #expect(session.news.last == .working)
    #expect(session.keeper.keepsEdits)
    session.keeper.close()
    #expect(try leftTexts(onDisk: "x") == ["cbax"])
  }

  @Test func aJournalThatWasRemovedIsMadeAgain() throws {
    let session = session("x")
    session.type("a")
    session.advance(JournalKeeper.synchronizeDelay)
    shell("rm -rf '\(folder("state"))'")
    session.type("b")
    session.advance(JournalKeeper.synchronizeDelay)
    #expect(session.isFailing)
    session.advance(JournalKeeper.retryDelay)
    #expect(session.news.last == .working)
    session.type("c")
    session.keeper.close()
    #expect(try leftTexts(onDisk: "x") == ["cbax"])
  }

  /// With the first edit at once, so that a kill soon after leaves the text once.
  @Test func whatIsTakenOverGoesOnceItIsSafe() throws {
    let old = session("x")
    old.type("old ")
    old.keeper.close()
    let left = try #require(recovery.leftovers(of: document).first)
    let claim = try #require(recovery.claim(left))
    let new = session("x")
    new.keeper.adopt(left, claim)
    new.advance()
    #expect(try SystemFiles().list(recovery.path).contains(Path.name(of: left.path)))
    new.type("old ")
    #expect(try !SystemFiles().list(recovery.path).contains(Path.name(of: left.path)))
    new.keeper.close()
    #expect(try leftTexts(onDisk: "x") == ["old x"])
  }

  /// Larger than a journal takes in: a copy is made in the background, and the text comes back
  /// whatever has become of the file.
  @Test func aLargeTextOutlivesAnOutsideChange() async throws {
    let text = String(repeating: "All work and no play.\n", count: 100_000)
    #expect(text.utf8.count > RecoveryFolder.snapshotLimit)
    let session = session(text)
    session.type("a")
    await session.keeper.backgroundWork?.value
    session.keeper.close()
    #expect(try leftTexts(onDisk: "changed") == ["a" + text])
    for left in recovery.leftovers() { recovery.discard(left) }
    #expect(try SystemFiles().list(recovery.path).isEmpty)
  }

  @Test func aDiscardedSessionLeavesNothing() async throws {
    let session = session(String(repeating: "x", count: RecoveryFolder.snapshotLimit + 1))
    session.type("a")
    session.keeper.discard()
    await session.keeper.backgroundWork?.value
    recovery.tidy()
    #expect(try SystemFiles().list(recovery.path).isEmpty)
  }
}
