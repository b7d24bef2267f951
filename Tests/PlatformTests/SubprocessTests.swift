import Platform
import Testing

struct SubprocessTests {
  /// Also one that is started where signals are blocked, as they are on the threads of tasks.
  @Test func aChildHearsSignals() async throws {
    let result = try await Task.detached {
      try Subprocess.run("sh", ["-c", "kill -TERM $$; echo deaf"], log: "/dev/null")
    }.value
    let status = try #require(result?.status)
    #expect(status == 143)
  }
}
