import Platform
import TestSupport
import Testing

@testable import palimpsest

/// What `make install` and `make uninstall` do, with the program as it was built for tests.
struct InstallTests {
  private static let scripts = SharedFiles.packageRoot + "/Install"

  /// With a PATH that has no compiler.
  private func run(
    _ script: String, _ arguments: [String], home: Scratch, _ environment: [String: String] = [:]
  ) throws -> BuiltProgram.Result {
    try BuiltProgram.run(
      arguments, program: "\(Self.scripts)/\(script)", home: home,
      environment: ["PATH": "/usr/bin:/bin"].merging(environment) { $1 })
  }

  /// Paths below a folder, each with its size.
  private func tree(_ folder: String) -> [String] {
    Files.names(in: folder).flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      return Files.isFolder(path)
        ? [name + "/"] + tree(path).map { "\(name)/\($0)" } : ["\(name) \(Files.size(path) ?? 0)"]
    }
  }

  @Test func whatIsInstalledIsRemovedAndNothingElse() throws {
    let home = try Scratch()
    let root = home.path("stage/usr/local")
    try Files.makeFolder(root + "/share/man/man1")
    try home.file("stage/usr/local/share/man/man1/other.1", "mine")
    let before = tree(home.path("stage"))
    let program = BuiltProgram.path
    let installed = try run(
      "install", [program, "/usr/local", home.path("stage")], home: home)
    #expect(installed.status == 0, "\(installed.error)")
    for path in [
      "bin/palimpsest", "share/palimpsest/themes/okabe-ito-light.toml",
      "share/palimpsest/languages/swift.toml", "share/palimpsest/Samples/letter.txt",
      "share/palimpsest/palimpsest_Inference.resources/Adapter/adapter.safetensors",
      "share/man/man1/palimpsest.1", "share/man/man1/palimpsest-config.1",
      "share/bash-completion/completions/palimpsest", "share/zsh/site-functions/_palimpsest",
      "share/fish/vendor_completions.d/palimpsest.fish", "share/applications/palimpsest.desktop",
      "share/doc/palimpsest/README.md", "share/doc/palimpsest/Docs/Configuration.md",
    ] {
      #expect((Files.size("\(root)/\(path)") ?? 0) > 0, "\(path)")
    }
    // Another installation over it removes what only the first one had.
    try home.file("stage/usr/local/share/palimpsest/stale", "old")
    let list = "stage/usr/local/share/palimpsest/installed"
    try home.file(list, (home.read(list) ?? "") + "file share/palimpsest/stale\n")
    #expect(
      try run("install", [program, "/usr/local", home.path("stage")], home: home).status == 0)
    #expect(!Files.exists(root + "/share/palimpsest/stale"))
    try home.file("stage/usr/local/share/palimpsest/mine", "mine")
    let removed = try run("install", ["--remove", "/usr/local", home.path("stage")], home: home)
    #expect(removed.status == 0, "\(removed.error)")
    #expect(
      tree(home.path("stage")).filter { !$0.contains("share/palimpsest/") } == before)
    #expect(tree(root + "/share/palimpsest") == ["mine 4"])
    let again = try run("install", ["--remove", "/usr/local", home.path("stage")], home: home)
    #expect(again.status == 1 && again.error.contains("expected the list of what was installed"))
  }

  @Test func everyCommandHasAManualPage() throws {
    let home = try Scratch()
    let result = try run("manual", [BuiltProgram.path, home.path("man1")], home: home)
    #expect(result.status == 0, "\(result.error)")
    let help = try BuiltProgram.run(["--help"], home: home).output
    let list = try #require(help.firstRange(of: "SUBCOMMANDS:"))
    let commands = help[list.upperBound...].split(separator: "\n")
      .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.hasPrefix("  See") }
      .map { String($0.dropFirst(2).prefix { $0 != " " }) }
    let pages = commands.filter { $0 != "version" }.map { "palimpsest-\($0).1" }
    #expect(Set(Files.names(in: home.path("man1"))) == Set(pages + ["palimpsest.1"]))
    #expect(pages.count > 9)
    let fill = try #require(home.read("man1/palimpsest-fill.1"))
    for word in [".SH SYNOPSIS", #"\fB\-\-in\-place\fR"#, #"\fB\-\-between\fR"#, ".SS Model"] {
      #expect(fill.contains(word), "\(word)")
    }
    #expect(try #require(home.read("man1/palimpsest-model.1")).contains(".SH \"MODEL FETCH\""))
    // A line that begins with a dot is a request that roff knows.
    for name in Files.names(in: home.path("man1")) {
      let lines = home.read("man1/\(name)")?.split(separator: "\n") ?? []
      let requests = Set(lines.filter { $0.hasPrefix(".") }.map { $0.prefix { $0 != " " } })
      let known: Set<Substring> = [
        #".\""#, ".TH", ".SH", ".SS", ".TP", ".PP", ".nf", ".fi", ".RS", ".RE", ".sp",
      ]
      #expect(requests.isSubset(of: known), "\(name): \(requests.subtracting(known))")
    }
  }
}
