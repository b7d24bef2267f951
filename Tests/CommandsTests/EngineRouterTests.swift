import DecodingPolicies
import Editing
import Infilling
import Platform
import RemoteEngines
import Synchronization
import Testing

@testable import palimpsest

struct EngineRouterTests {
  /// Answers every request with one text.
  private final class Service: HTTPTransport {
    let requests = Mutex(0)

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
      requests.withLock { $0 += 1 }
      return HTTPResponse(
        status: 200,
        body: AsyncThrowingStream { stream in
          stream.yield(Array(#"{"choices":[{"text":" far","finish_reason":"stop"}]}"#.utf8))
          stream.finish()
        })
    }
  }

  private let service = Service()
  private let request = InfillRequest(
    prefix: "a ", original: "b", suffix: " c", settings: DecodingConfiguration())

  private func router(never: [String] = []) -> EngineRouter {
    EngineRouter(
      local: ScriptedInfiller(["near"]),
      engines: [
        EngineConfiguration(
          name: "box", kind: .completions, address: EngineAddress("http://box:1")!)
      ], never: never.map { PathPattern($0, home: "/home/me") }, transport: service)
  }

  private func text(_ router: EngineRouter) async throws -> String? {
    let session = try await router.begin(request)
    var text: String?
    while let step = try await session.next() { text = step.text }
    return text
  }

  @Test func passagesGoToTheEngineInUse() async throws {
    let router = router()
    #expect(try await text(router) == "near")
    try router.use("box")
    #expect(router.status.choice.place == "box:1")
    #expect(try await text(router) == "far")
    try router.use("local")
    #expect(try await text(router) == "near")
    #expect(service.requests.withLock { $0 } == 1)
  }

  @Test func anUnknownNameChangesNothing() async throws {
    let router = router()
    try router.use("box")
    #expect(throws: (any Error).self) { try router.use("other") }
    #expect(router.status.choice.name == "box")
  }

  @Test func aDocumentThatStaysHereIsSentNowhere() async throws {
    let router = router(never: ["~/private/*"])
    try router.use("box")
    router.attend(to: ["/home/me/public/a.txt", "/home/me/private/a.txt"])
    #expect(router.status == EngineStatus(staysHere: true))
    #expect(try await text(router) == "near")
    try router.use("box")
    #expect(try await text(router) == "near")
    #expect(service.requests.withLock { $0 } == 0)
    // Saved elsewhere, it may be sent.
    router.attend(to: ["/home/me/public/a.txt"])
    #expect(try await text(router) == "far")
  }
}
