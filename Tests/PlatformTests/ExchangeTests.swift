import Glibc
import Platform
import Testing

/// Programs that are given text, or asked for it.
struct ExchangeTests {
  private func exchange(
    _ script: String, input: [UInt8] = [], limit: Int = 1 << 24, milliseconds: Int = 60_000
  ) throws -> Subprocess.Exchange? {
    try Subprocess.exchange(
      "sh", ["-c", script], input: input, limit: limit, milliseconds: milliseconds)
  }

  /// More than pipes hold, in both directions at once.
  @Test func muchGoesThroughBothWays() throws {
    let input = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
    let result = try #require(try exchange("cat; exit 3", input: input))
    #expect(result.status == 3 && result.output == input)
  }

  @Test func theLimitCutsTheOutput() throws {
    let result = try #require(try exchange("printf abcdef", limit: 3))
    #expect(result.status == 0 && result.output == Array("abc".utf8))
  }

  /// A reader that goes away raises no signal here.
  @Test func inputThatNobodyReads() throws {
    let input = [UInt8](repeating: 7, count: 1_000_000)
    #expect(try exchange("exec 0<&-; exit 4", input: input)?.status == 4)
  }

  @Test(arguments: ["exec sleep 600", "sleep 600 & exit 0"])
  func whatDoesNotEndIsKilled(script: String) throws {
    #expect(try exchange(script, milliseconds: 50) == nil)
  }

  /// As `xclip` does: it leaves a process behind that has the output open.
  @Test func withoutALimitNobodyWaitsForTheOutput() throws {
    let result = try exchange("cat >/dev/null; sleep 600 & exit 0", input: [1], limit: 0)
    #expect(result?.status == 0)
  }

  /// A program that stays would keep a lock or a connection.
  @Test func noFileIsInherited() throws {
    let file = unsafe open("/dev/null", O_RDONLY)
    let high = fcntl(file, F_DUPFD, 700)
    defer { for one in [file, high] { close(one) } }
    let result = try #require(try exchange("ls /proc/self/fd"))
    let numbers = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
    #expect(high >= 700 && numbers.contains("0") && !numbers.contains("\(high)"))
  }

  @Test func aProgramThatDoesNotExist() throws {
    #expect(
      try Subprocess.exchange(
        "no-such-program", [], input: [1], limit: 1, milliseconds: 1000) == nil)
  }
}
