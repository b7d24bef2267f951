import Glibc
import Testing

@testable import Storage

struct RecentFilesTests {
  private let folder = TemporaryFolder()
  private var path: String { folder("state/recent") }

  private func entry(_ path: String, _ line: Int = 1, _ column: Int = 1) -> RecentFiles.Entry {
    RecentFiles.Entry(path: path, line: line, column: column)
  }

  @Test func theLatestIsFirst() throws {
    try RecentFiles.note([entry("/a", 3, 4), entry("/b c", 5)], in: path)
    try RecentFiles.note([entry("/a", 7)], in: path)
    let recent = RecentFiles.load(path)
    #expect(recent.entries == [entry("/a", 7), entry("/b c", 5)])
    #expect(recent["/b c"] == entry("/b c", 5) && recent["/c"] == nil)
  }

  @Test func onlyTheUserReadsIt() throws {
    try RecentFiles.note([entry("/a")], in: path)
    let status = try SystemFiles().status(at: path, followingLink: false)
    #expect(status.mode == 0o600)
    #expect(try SystemFiles().list(folder("state")) == ["recent"])
  }

  @Test func thereAreNotTooMany() throws {
    try RecentFiles.note((0..<500).map { entry("/\($0)") }, in: path)
    let recent = RecentFiles.load(path)
    #expect(recent.entries.count == RecentFiles.most && recent.entries[0].path == "/499")
  }

  @Test func someFilesAreNotNoted() {
    var recent = RecentFiles()
    for path in ["relative", "/with\nline", "/repository/.git/COMMIT_EDITMSG", "/\u{7F}"] {
      recent.note(entry(path))
    }
    #expect(recent.entries.isEmpty)
  }

  @Test func damagedLinesAreSkipped() {
    let heading = "palimpsest recent 1\n"
    let text = heading + "1:2 /a\n\nx\n3 /b\n0:1 /c\n4:5:6 /d\n-1:2 /e\n7:8 /f\n9:9 /a\n1:1 \n"
    #expect(RecentFiles(Array(text.utf8)).entries == [entry("/a", 1, 2), entry("/f", 7, 8)])
    let invalid = Array(heading.utf8) + Array("1:1 /".utf8) + [0xFF, 0x0A]
    #expect(RecentFiles(invalid).entries.isEmpty)
    #expect(RecentFiles(Array("palimpsest recent 2\n1:2 /a\n".utf8)).entries.isEmpty)
    #expect(RecentFiles([]).entries.isEmpty)
  }

  /// A failure or a death at any operation leaves the old file or the new one.
  @Test func aFailureLeavesAWholeFile() throws {
    for fault in [FaultyFiles.Fault.error(ENOSPC), .tornError(ENOSPC), .death] {
      for position in 0..<30 {
        try? SystemFiles().remove(path)
        try RecentFiles.note([entry("/old")], in: path)
        try? RecentFiles.note([entry("/new")], in: path, files: FaultyFiles(fault, at: position))
        let paths = RecentFiles.load(path).entries.map(\.path)
        #expect(paths == ["/old"] || paths == ["/new", "/old"], "\(fault) at \(position)")
      }
    }
  }
}
