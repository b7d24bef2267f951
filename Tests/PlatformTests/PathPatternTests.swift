import Platform
import Testing

struct PathPatternTests {
  @Test(arguments: [
    ("~/private/*", "/home/me/private/a.txt", true),
    ("~/private/*", "/home/me/private/deep/a.txt", true),
    ("~/private/", "/home/me/private/a.txt", true), ("~/private/*", "/home/me/public/a.txt", false),
    ("*.key", "/home/me/x.key", true), ("*.key", "/home/me/x.keys", false),
    ("secret", "/home/secret/a.txt", true), ("secret", "/home/secrets/a.txt", false),
    ("/srv/*/notes.md", "/srv/a/b/notes.md", true), ("*/letters/*", "/x/letters/y", true),
    ("?.txt", "/a/b.txt", true),
  ])
  func patternsMatchPaths(_ pattern: String, _ path: String, _ matches: Bool) {
    #expect(PathPattern(pattern, home: "/home/me").matches(path) == matches)
  }

  @Test func aPathIsGivenWithItsLinksResolved() throws {
    #expect(Files.absolutePaths(of: "/etc/../etc/passwd") == ["/etc/../etc/passwd", "/etc/passwd"])
    #expect(Files.absolutePaths(of: "/etc/no-such-file").last == "/etc/no-such-file")
    let relative = Files.absolutePaths(of: "no-such-file")
    #expect(relative.allSatisfy { $0.hasPrefix("/") && $0.hasSuffix("/no-such-file") })
  }

  @Test func outputGoesThroughAPipe() throws {
    let result = try Subprocess.output(of: "sh", ["-c", "echo out; echo err >&2; exit 3"])
    #expect(result?.status == 3)
    #expect(result?.output == "out\n")
    #expect(try Subprocess.output(of: "no-such-program", []) == nil)
  }
}
