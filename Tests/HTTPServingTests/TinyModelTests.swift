import Inference
import Infilling
import JSON
import Serving
import SyntheticModels
import TestSupport
import Testing

@testable import HTTPServing

/// The server over a whole engine with a model of a few kilobytes.
@Suite struct TinyModelTests {
  private let home: Scratch
  private let infiller: LocalInfiller

  init() throws {
    home = try Scratch()
    try TinyModel.write(to: home.folder)
    infiller = try LocalInfiller(model: home.folder, threads: 1)
  }

  private func text(_ port: Int, _ prompt: String, _ suffix: String) async throws -> String? {
    let body: JSONValue = [
      "prompt": .string(prompt), "suffix": .string(suffix), "max_tokens": 8, "quality": 2,
    ]
    let answer = try await TestClient.ask(port, "/v1/completions", body.serialized())
    return try JSONValue.parse(Array(answer.body.utf8), file: "answer")["choices"]?[0]?["text"]?
      .string
  }

  /// Spans of many requests share their steps, and each gets the text it would get alone.
  @Test func requestsTogetherGetWhatTheyGetAlone() async throws {
    let prompts = (0..<12).map { "The old harbour \($0) was " }
    try await RunningServer.run(infiller) { server in
      var alone: [String?] = []
      for prompt in prompts { alone.append(try await text(server.port, prompt, " and the light.")) }
      #expect(alone.allSatisfy { $0?.isEmpty == false } && Set(alone).count > 1)
      let together = try await withThrowingTaskGroup(of: (Int, String?).self) { clients in
        for (index, prompt) in prompts.enumerated() {
          clients.addTask { (index, try await text(server.port, prompt, " and the light.")) }
        }
        var texts = [String?](repeating: nil, count: prompts.count)
        for try await (index, text) in clients { texts[index] = text }
        return texts
      }
      #expect(together == alone)
    }
  }

  @Test func aRefusalOfTheModelIsABadRequest() async throws {
    try await RunningServer.run(infiller) { server in
      let answer = try await TestClient.ask(
        server.port, "/v1/completions", #"{"prompt": "a", "mode": "quadratic"}"#)
      #expect(answer.head.hasPrefix("HTTP/1.1 400") && answer.body.contains("refused_by_model"))
      // It names the model, not the folders it lies in.
      let name = home.folder.split(separator: "/").last ?? ""
      #expect(answer.body.contains("\(name): ") && !answer.body.contains("/"))
    }
  }
}
