import Glibc
import Testing

@testable import Storage

struct FileChangeTests {
  private let folder = TemporaryFolder()
  private let store: FileStore

  init() { store = FileStore(recovery: folder("recover")) }

  private func written(_ text: String) throws -> (path: String, identity: FileIdentity) {
    let path = folder("note.txt")
    let saved = try store.save(Array(text.utf8), to: path)
    return (path, saved.identity)
  }

  private func change(
    _ path: String, _ identity: FileIdentity?, holdingFrom size: Int = .max
  ) throws -> String {
    switch try store.change(of: path, since: identity, holdingFrom: size) {
    case .changedLarge(let now): "large of \(now.size)"
    case .none: "none"
    case .touched(let now): now.hash == identity?.hash ? "touched" : "wrong hash"
    case .removed: "removed"
    case .changed(let loaded): String(decoding: try loaded.contents.bytes(), as: UTF8.self)
    }
  }

  @Test func contentsCount() throws {
    let (path, identity) = try written("text")
    #expect(["none", "touched"].contains(try change(path, identity)))
    shell("touch -d '2001-01-01' '\(path)'")
    #expect(try change(path, identity) == "touched")
    shell("cp '\(path)' '\(path).new' && mv '\(path).new' '\(path)'")
    #expect(try change(path, identity) == "touched")
    shell("printf 'next' > '\(path)'")
    #expect(try change(path, identity) == "next")
    shell("printf 'longer' > '\(path)'")
    #expect(try change(path, identity) == "longer")
    shell("rm '\(path)'")
    #expect(try change(path, identity) == "removed")
  }

  @Test func aLargeFileIsNotRead() throws {
    let (path, identity) = try written("text")
    shell("touch -d '2001-01-01' '\(path)'")
    #expect(try change(path, identity, holdingFrom: 4) == "touched")
    shell("printf ' and more' >> '\(path)'")
    #expect(try change(path, identity, holdingFrom: 4) == "large of 13")
    #expect(try change(path, nil, holdingFrom: 4) == "large of 13")
  }

  @Test func aFileThatWasNotThereAppears() throws {
    let path = folder("new.txt")
    #expect(try change(path, nil) == "none")
    shell("printf 'text' > '\(path)'")
    #expect(try change(path, nil) == "text")
  }

  @Test func whatIsNoFileAnyMoreIsAnError() throws {
    let (path, identity) = try written("text")
    shell("rm '\(path)' && mkdir '\(path)'")
    #expect(throws: StorageError.self) { try change(path, identity) }
  }

  @Test func watchedFoldersReportTheirFiles() throws {
    let watch = try #require(FolderWatch())
    func isReady() -> Bool {
      var entry = pollfd(fd: watch.descriptor, events: Int16(POLLIN), revents: 0)
      defer { watch.drain() }
      return unsafe poll(&entry, 1, 0) == 1
    }
    for name in ["a", "b"] { shell("mkdir '\(folder(name))'") }
    #expect(watch.add(folder("a")) && watch.add(folder("a")) && watch.add(folder("b")))
    #expect(!watch.add(folder("c")))
    for name in ["a", "b"] {
      shell("printf x > '\(folder(name))/f'")
      #expect(isReady() && !isReady())
    }
    watch.remove(folder("a"))
    shell("printf x > '\(folder("a"))/g'")
    #expect(isReady())
    watch.remove(folder("a"))
    watch.drain()
    shell("printf x > '\(folder("a"))/h'")
    #expect(!isReady())
  }
}
