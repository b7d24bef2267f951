import Glibc
import JSON
import Platform
import TestSupport
import Testing

/// The server as a program: what it says, who may ask, and how it ends.
@Suite struct ServeTests {
  /// Starts the server on a free port, runs `script` with `$PORT`, sends it SIGTERM and prints its
  /// exit code.
  private func serve(
    _ script: String, arguments: [String] = [],
    environment: [String: String] = [:]
  ) throws -> BuiltProgram.Result {
    let home = try Scratch()
    let program = """
      "$0" serve --port 0 --model "$MODEL" "$@" 2>"$LOG" &
      SERVER=$!
      trap 'kill -9 $SERVER 2>/dev/null' EXIT
      until PORT=$(sed -nE 's/^Listening on .*:([0-9]+)\\. .*/\\1/p' "$LOG") && [ -n "$PORT" ]
      do sleep 0.05; kill -0 $SERVER || exit 1; done
      until curl -sf "localhost:$PORT/health" >"$LOG.health"; do sleep 0.05; done
      \(script)
      kill -TERM $SERVER
      wait $SERVER; echo "code $?"
      """
    return try BuiltProgram.run(
      ["-c", program, BuiltProgram.path] + arguments, program: "sh", home: home,
      environment: [
        "MODEL": try TinyModel.path.get(), "LOG": home.path("log.txt"),
      ].merging(environment) { $1 })
  }

  @Test func oneLineOfCurlFills() throws {
    let result = try serve(
      #"curl -s localhost:$PORT/v1/completions -d '{"prompt": "The ", "suffix": " boat."}'"#)
    let parts = result.output.split(separator: "code ")
    #expect(parts.last == "0\n")
    let answer = try JSONValue.parse(Array(parts[0].utf8), file: "answer")
    #expect(answer["choices"]?[0]?["text"]?.string?.isEmpty == false)
  }

  /// What runs is finished before the end.
  @Test func aSignalFinishesWhatRuns() throws {
    let result = try serve(
      """
      curl -sN localhost:$PORT/v1/completions \
      -d '{"prompt": "The ", "n": 4, "quality": 4, "max_tokens": 60, "stream": true}' >"$LOG.out" &
      CURL=$!
      until [ -s "$LOG.out" ]; do sleep 0.01; done
      kill -TERM $SERVER
      wait $CURL; tail -n 2 "$LOG.out"
      """, arguments: ["--grace", "3600"])
    #expect(result.output == "data: [DONE]\n\ncode 0\n")
  }

  @Test func theTokenIsWanted() throws {
    let result = try serve(
      """
      curl -s -o "$LOG.x" -w '%{http_code} ' localhost:$PORT/v1/models
      curl -s -o "$LOG.x" -w '%{http_code} ' -H "Authorization: Bearer $PALIMPSEST_TOKEN" \
      localhost:$PORT/v1/models
      """, environment: ["PALIMPSEST_TOKEN": "0123456789abcdef0123456789abcdef"])
    #expect(result.output == "401 200 code 0\n")
  }

  @Test func whatCannotStartSaysWhy() throws {
    let home = try Scratch()
    for (arguments, status, reason) in [
      (["--host", "0.0.0.0"], Int32(1), "Other machines can reach 0.0.0.0:8012: set a token"),
      (["--host", "no.such.host.invalid"], 1, "no such host"),
      (["--token-file", home.path("none")], 1, "Cannot read"),
      (["--token-file", try home.file("short", "abc\n")], 1, "expected a token of 16 to 1024"),
      (["--port", "0", "--model", home.path("none")], 1, "No model"),
      (["--port", "70000"], 64, "--port 70000 is not in 0...65535"),
    ] {
      let result = try BuiltProgram.run(["serve"] + arguments, home: home)
      #expect(result.status == status && result.error.contains(reason), "\(result.error)")
    }
  }
}
