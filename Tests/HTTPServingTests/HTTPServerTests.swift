import JSON
import NIOCore
import Serving
import TestSupport
import Testing

@testable import HTTPServing

/// The server on a port of the loopback interface.
@Suite struct HTTPServerTests {
  private let body = #"{"prompt": "one two three", "suffix": " end"}"#

  private func json(_ text: String) throws -> JSONValue {
    try JSONValue.parse(Array(text.utf8), file: "answer")
  }

  @Test func answersWholeAndStreamed() async throws {
    try await RunningServer.run(SlowInfiller()) { server in
      let whole = try await TestClient.ask(server.port, "/v1/completions", body)
      #expect(whole.head.hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(whole.head.contains("Content-Type: application/json"))
      #expect(try json(whole.body)["choices"]?[0]?["text"] == "three two one ")
      let streamed = try await TestClient.ask(
        server.port, "/v1/completions", #"{"prompt": "one two", "stream": true}"#)
      #expect(streamed.head.lowercased().contains("content-type: text/event-stream"))
      #expect(streamed.body.contains("two one ") && streamed.body.contains("data: [DONE]"))
      #expect(
        try json(try await TestClient.ask(server.port, "/health", method: "GET").body)["status"]
          == "ok")
    }
  }

  /// Two requests sent together, on a connection that stays open.
  @Test func aConnectionIsUsedAgain() async throws {
    try await RunningServer.run(SlowInfiller()) { server in
      let first = TestClient.request("POST", "/v1/completions", body)
      let second = TestClient.request("GET", "/v1/models", headers: ["Connection: close"])
      let text = try await TestClient.exchange(server.port, [first + second])
      #expect(text.split(separator: "HTTP/1.1 200 OK", omittingEmptySubsequences: false).count == 3)
      #expect(text.contains("three two one ") && text.contains(#""id":"slow""#))
    }
  }

  @Test func limitsAreKept() async throws {
    var limits = ServiceLimits()
    limits.body = 1000
    limits.headers = 2000
    try await RunningServer.run(SlowInfiller(), limits: limits) { server in
      let long = String(repeating: "x", count: 5000)
      let announced = try await TestClient.ask(server.port, "/infill", long)
      #expect(announced.head.hasPrefix("HTTP/1.1 413"))
      #expect(announced.body.contains("body_too_large"))
      let chunked = try await TestClient.exchange(
        server.port,
        [
          "POST /infill HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "1388\r\n\(long)\r\n0\r\n\r\n"
        ])
      #expect(chunked.hasPrefix("HTTP/1.1 413"))
      let head = try await TestClient.ask(
        server.port, "/health", method: "GET", headers: ["X-Long: \(long)"])
      #expect(head.head.hasPrefix("HTTP/1.1 4"))
      let garbage = try await TestClient.exchange(server.port, ["\u{16}\u{3}\u{1}\r\n\r\n"])
      #expect(garbage.hasPrefix("HTTP/1.1 400") || garbage.isEmpty)
      let continued = try await TestClient.exchange(
        server.port,
        [
          TestClient.request(
            "POST", "/v1/completions", body, headers: ["Expect: 100-continue", "Connection: close"])
        ])
      #expect(
        continued.hasPrefix("HTTP/1.1 100 Continue\r\n") && continued.contains("three two one "))
    }
  }

  @Test func connectionsThatSayNothingAreClosed() async throws {
    var limits = ServiceLimits()
    (limits.idle, limits.arrival, limits.connections) = (0, 0, 2)
    try await RunningServer.run(SlowInfiller(), limits: limits) { server in
      #expect(try await TestClient.exchange(server.port, []) == "")
      let half = "POST /infill HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc"
      #expect(try await TestClient.exchange(server.port, [half]) == "")
      try await eventually("they are closed") { server.server.connectionCount == 0 }
    }
  }

  @Test func whoHangsUpEndsTheirFill() async throws {
    let infiller = SlowInfiller(pause: .milliseconds(20))
    try await RunningServer.run(infiller) { server in
      let long = (0..<1000).map { "w\($0)" }.joined(separator: " ")
      for stream in ["true", "false"] {
        let asked = TestClient.request(
          "POST", "/v1/completions", #"{"prompt": "\#(long)", "stream": \#(stream)}"#)
        let client = try await TestClient.connect(to: server.port)
        try await client.channel.executeThenClose { _, outbound in
          try await outbound.write(ByteBuffer(string: asked))
          try await eventually("it has begun") { infiller.open == 1 }
        }
        try await eventually("it has ended") { infiller.open == 0 }
      }
      try await eventually("they are closed") { server.server.connectionCount == 0 }
    }
  }

  /// What runs is finished, what is new is refused.
  @Test func drainingFinishesWhatRuns() async throws {
    let infiller = SlowInfiller(pause: .milliseconds(50))
    try await RunningServer.run(infiller) { server in
      async let answer = TestClient.exchange(
        server.port, [TestClient.request("POST", "/v1/completions", body)])
      try await eventually("it has begun") { infiller.open == 1 }
      server.server.drain()
      let text = try await answer
      #expect(text.contains("three two one "))
      let late = try? await TestClient.ask(server.port, "/health", method: "GET")
      #expect(late?.head.isEmpty ?? true)
    }
  }

  @Test func addressesKnowWhoReachesThem() throws {
    #expect(try HTTPServer.Address(host: "localhost", port: 1).isLoopback)
    #expect(try HTTPServer.Address(host: "::1", port: 8012).description == "[::1]:8012")
    #expect(try !HTTPServer.Address(host: "0.0.0.0", port: 1).isLoopback)
    #expect(throws: HTTPServerError.unknownHost("no.such.host.invalid")) {
      try HTTPServer.Address(host: "no.such.host.invalid", port: 1)
    }
  }

  /// Many clients, half of which hang up; every answer is that of its question, and nothing is left.
  @Test func manyClientsGetTheirAnswers() async throws {
    let infiller = SlowInfiller(pause: .milliseconds(2))
    try await RunningServer.run(infiller) { server in
      try await withThrowingTaskGroup(of: Void.self) { clients in
        for client in 0..<64 {
          clients.addTask {
            for round in 0..<4 {
              let prompt = "c\(client) r\(round) x y z"
              let asked = TestClient.request(
                "POST", "/v1/completions",
                #"{"prompt": "\#(prompt)", "stream": \#(round % 2 == 0)}"#,
                headers: ["Connection: close"])
              let hangsUp = (client + round) % 2 == 0
              let text = try await TestClient.exchange(server.port, [asked]) {
                hangsUp && $0.contains("diffusion_frame")
              }
              if !hangsUp || round % 2 != 0 {
                #expect(
                  text.contains(SlowInfiller.text(prompt)), "client \(client), round \(round)")
              }
            }
          }
        }
        try await clients.waitForAll()
      }
      try await eventually("nothing is left") {
        infiller.open == 0 && server.server.connectionCount == 0
      }
    }
  }
}
