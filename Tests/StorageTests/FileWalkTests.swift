import Testing

@testable import Storage

struct FileWalkTests {
  private let folder = TemporaryFolder()

  private func make(_ files: String...) {
    for file in files {
      shell("mkdir -p \"$(dirname '\(folder(file))')\" && : > '\(folder(file))'")
    }
  }

  private func write(_ lines: String..., to file: String) {
    let text = lines.map { "'\($0)'" }.joined(separator: " ")
    shell("mkdir -p \"$(dirname '\(folder(file))')\" && printf '%s\\n' \(text) > '\(folder(file))'")
  }

  private func walk(_ walk: FileWalk) -> (paths: [String], end: FileWalk.End) {
    var paths: [String] = []
    let end = walk.run {
      paths += $0
      return true
    }
    return (paths, end)
  }

  private var paths: [String] { walk(FileWalk(folder.path)).paths }

  @Test func nearFilesComeFirst() {
    make("b.txt", "a.txt", "z/y/deep.txt", "m/near.txt", ".hidden", ".folder/inside.txt")
    #expect(paths == ["a.txt", "b.txt", "m/near.txt", "z/y/deep.txt"])
  }

  @Test func theWorkingFolderIsARoot() {
    let there = walk(FileWalk(".", mostFiles: 50)).paths
    #expect(!there.isEmpty && there.allSatisfy { !$0.hasPrefix("/") && !$0.hasPrefix("./") })
  }

  @Test func otherThingsAreLeftOut() {
    make("folder/a.txt", "plain.txt")
    shell("cd '\(folder.path)' && ln -s folder linked && ln -s . folder/loop && mkfifo pipe")
    shell("cd '\(folder.path)' && ln -s plain.txt link.txt && ln -s nowhere dangling")
    #expect(paths == ["link.txt", "plain.txt", "folder/a.txt"])
    #expect(walk(FileWalk(folder("missing"))).paths.isEmpty)
  }

  @Test func limitsHold() {
    make("a", "b", "c", "d/e", "d/f/g")
    #expect(walk(FileWalk(folder.path, mostFiles: 2)) == (["a", "b"], .limited))
    #expect(walk(FileWalk(folder.path, mostDepth: 1)) == (["a", "b", "c", "d/e"], .limited))
    #expect(walk(FileWalk(folder.path, mostFolders: 1)) == (["a", "b", "c"], .limited))
    #expect(walk(FileWalk(folder.path, mostFiles: 5)).end == .complete)
    #expect(FileWalk(folder.path).run { _ in false } == .stopped)
  }

  @Test func rulesOfTheRepositoryAboveHold() {
    write("*.log", "/sub/out/", to: ".gitignore")
    make("sub/a.log", "sub/a.txt", "sub/out/b.txt", "out/c.txt")
    #expect(walk(FileWalk(folder("sub"))).paths == ["a.log", "a.txt", "out/b.txt"])
    shell("mkdir '\(folder(".git"))'")
    #expect(walk(FileWalk(folder("sub"))).paths == ["a.txt"])
  }

  /// What git lists is what the walk finds.
  @Test(.enabled(if: shell("git --version") == 0)) func rulesAreThoseOfGit() throws {
    shell("cd '\(folder.path)' && git init")
    write(
      "# a remark", "", "*.o", "!keep.o", "build/", "/top.txt", "docs/*.html", "a/**/z.txt",
      "**/cache", "logs/**", "trailing.txt   ", "\\#sharp", "\\!bang", "[ab]?.dat", "un*/x",
      "name\\ ", "q/", "/", "end/*", "!end/kept", to: ".gitignore")
    write("*", "!only.txt", to: "inner/.gitignore")
    write("!x.o", to: "over/.gitignore")
    make(
      "x.o", "keep.o", "sub/x.o", "sub/keep.o", "build/x.c", "sub/build/y.c", "sub/top.txt",
      "top.txt",
      "docs/a.html", "docs/b/c.html", "docs/a.md", "a/z.txt", "a/b/z.txt", "a/b/c/z.txt", "z.txt",
      "cache", "s/cache/f", "s/cached", "logs/one", "logs/two/three", "trailing.txt", "#sharp",
      "!bang", "a1.dat", "c1.dat", "ab1.dat", "under/x", "s/under/x", "inner/only.txt",
      "inner/not.txt", "over/x.o", "over/y.o", "q", "r/q/inside", "end/lost", "end/kept", "é.txt")
    shell(
      "cd '\(folder.path)' && git -c core.quotePath=false ls-files -co --exclude-standard > .list")
    let listed = try SystemFiles().readFile(folder(".list")).bytes
    let expected = String(decoding: listed, as: UTF8.self).split(separator: "\n").map(String.init)
      .filter { !$0.split(separator: "/").contains { $0.hasPrefix(".") } }
    #expect(paths.sorted() == expected.sorted())
    #expect(expected.count >= 15)
  }
}
