import Infilling
import JSON
import RemoteEngines
import Streaming
import TestSupport
import Testing

/// What services do wrong, and what is reported.
struct FaultTests {
  typealias Answer = ScriptedTransport.Answer

  private func failure(_ answers: Answer..., configuration: EngineConfiguration = .of(.completions))
    async -> RemoteError.Reason?
  {
    let transport = ScriptedTransport { _, number in answers[min(number, answers.count - 1)] }
    do {
      _ = try await RemoteInfiller(configuration, transport).steps(letter)
      return nil
    } catch let error as RemoteError {
      #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x1B })
      #expect(error.description.hasPrefix("test: "))
      return error.reason
    } catch {
      Issue.record("\(error)")
      return nil
    }
  }

  @Test func refusalsArePassedOn() async {
    let fault = #"{"error":{"message":"bad \u001b[31mkey","type":"authentication_error"}}"#
    for status in [400, 401, 402, 403, 404, 413, 422, 501] {
      #expect(
        await failure(.init(status: status, fault))
          == .refused(
            status: status, ServiceFault("bad \u{1B}[31mkey", type: "authentication_error")))
    }
    #expect(await failure(.init(status: 418, "<html>")) == .refused(status: 418, nil))
    #expect(await failure(.init(status: 301)) == .refused(status: 301, nil))
  }

  @Test func aBusyServerIsAskedAgain() async throws {
    let good = Answer(events(chunk(" a", finish: "stop")))
    #expect(await failure(.init(status: 503), .init(status: 429), good) == nil)
    let transport = ScriptedTransport(.init(status: 429, fields: [HTTPField("retry-after", "2")]))
    let configuration = EngineConfiguration.of(.completions)
    await #expect(throws: RemoteError(configuration, .busy(milliseconds: 2000))) {
      try await RemoteInfiller(configuration, transport).steps(letter)
    }
    #expect(transport.requests.count == 3)
    #expect(await failure(.init(status: 429)) == .busy(milliseconds: nil))
    #expect(await failure(.init(status: 500)) == .refused(status: 500, nil))
  }

  @Test func aWaitIsReportedWithTheFirstStep() async throws {
    let transport = ScriptedTransport { _, number in
      number == 0
        ? .init(status: 429, fields: [HTTPField("Retry-After", "3")])
        : .init(events(chunk(" a", finish: "stop")))
    }
    let steps = try await RemoteInfiller(.of(.completions), transport).steps(letter)
    #expect(steps.compactMap(\.notice) == ["test asked to wait, repeated after 3 seconds"])
  }

  @Test func aLongWaitIsNotWaitedFor() async {
    let answer = Answer(status: 429, fields: [HTTPField("Retry-After", "600")])
    let transport = ScriptedTransport(answer)
    let configuration = EngineConfiguration.of(.completions)
    await #expect(throws: RemoteError(configuration, .busy(milliseconds: 600_000))) {
      try await RemoteInfiller(configuration, transport).steps(letter)
    }
    #expect(transport.requests.count == 1)
  }

  @Test func whatIsNoReplyIsNamed() async {
    #expect(
      await failure(.init("<!DOCTYPE html>\n<html>\n"))
        == .notJSON("<!DOCTYPE html>\n<html>\n"))
    #expect(await failure(.init("data: <html>\n\n")) == .notJSON("data: <html>\n\n"))
    #expect(await failure(.init("{\"choices\": [")) == .notJSON("{\"choices\": ["))
    #expect(await failure(.init("")) == .cutOff)
  }

  @Test func aReplyThatEndsInTheMiddleIsNoPassage() async {
    #expect(await failure(.init(events(chunk(" a"), isDone: false))) == .cutOff)
    #expect(
      await failure(.init(events(chunk(" a"), isDone: false), "data: {\"cho"))
        == .malformed(
          .malformed(expected: "the end of a string", found: "the end of the file at 1:6"))
    )
    #expect(
      await failure(.init(events(chunk(" a"), isDone: false), failure: .brokenOff("reset")))
        == .transport(.brokenOff("reset")))
    #expect(await failure(.init(events(chunk("", finish: "stop")))) == .empty)
    #expect(await failure(.init(events(chunk("  \n", finish: "stop")))) == .empty)
  }

  /// In the words of OpenSSL and of GnuTLS.
  @Test(arguments: [
    ("SSL certificate problem: self-signed certificate", "as ca-file of [engine.test]"),
    ("SSL certificate problem: unable to get local issuer certificate", "as ca-file of"),
    ("server certificate verification failed. CAfile: none CRLfile: none", "Check the certificate"),
    ("SSL certificate problem: certificate has expired", "Renew the certificate, or set the clock"),
    ("SSL: no alternative certificate subject name matches target host name 'x'", "in base of"),
    ("SSL: certificate subject name (a) does not match target host name 'b'", "in base of"),
    ("error:0A00010B:SSL routines::wrong version number", "Use http in base of [engine.test]"),
  ])
  func aCertificateHasItsAdvice(_ reason: String, _ advice: String) {
    let error = RemoteError(.of(.completions), .transport(.insecure(reason)))
    #expect("\(error)".contains(advice), "\(error)")
  }

  @Test func whatIsForThisMachineGoesToNoProxy() async throws {
    for (base, isDirect) in [("http://127.0.0.1:8000", true), ("https://example.org", false)] {
      var configuration = EngineConfiguration.of(.completions)
      configuration.address = try #require(EngineAddress(base))
      configuration.authorities = "/box.pem"
      let transport = ScriptedTransport(.init(events(chunk(" a", finish: "stop"))))
      _ = try await RemoteInfiller(configuration, transport).steps(letter)
      #expect(transport.requests.first?.isDirect == isDirect)
      #expect(transport.requests.first?.authorities == "/box.pem")
    }
  }

  @Test func anErrorInTheStreamIsReported() async {
    let stream = events(
      chunk(" a"), ["error": ["message": "out of memory", "code": 500]], isDone: false)
    #expect(await failure(.init(stream)) == .fault(ServiceFault("out of memory", code: "500")))
  }

  @Test func timeoutsOfEachPhaseAreReported() async {
    for phase in [HTTPFailure.Phase.connect, .answer, .silence, .total] {
      #expect(
        await failure(.init(events(chunk(" a"), isDone: false), failure: .timedOut(phase)))
          == .transport(.timedOut(phase)))
    }
  }

  @Test func aFloodIsRefused() async {
    let event = events(chunk(String(repeating: "x", count: 300_000)))
    #expect(await failure(.init(event)) == .malformed(.tooLong("A line", limit: 256 << 10)))
    let many = String(repeating: events(chunk(String(repeating: "x", count: 1000))), count: 5000)
    #expect(await failure(.init(many)) == .malformed(.tooLong("The stream", limit: 4 << 20)))
  }

  /// A server that pays no heed to the number of tokens would fill the screen, and each step would take
  /// longer than the one before.
  @Test(arguments: [
    Array(repeating: " and on", count: 2000), [String(repeating: " and on", count: 10_000)],
  ])
  func textBeyondWhatWasAskedForIsCutOff(_ parts: [String]) async throws {
    let stream = parts.map { events(chunk($0), isDone: false) }.joined()
    let steps = try await RemoteInfiller(.of(.completions), ScriptedTransport(.init(stream)))
      .steps(letter)
    let last = try #require(steps.last)
    #expect(last.isLast && last.text.hasPrefix("and on and on"))
    #expect(steps.allSatisfy { $0.text.utf8.count < 1000 && $0.cells.count < 300 })
  }

  @Test func aFrameBeyondWhatWasAskedForIsRefused() async {
    let text = JSONValue.string(String(repeating: "on ", count: 10_000))
    let canvas: JSONValue = [
      "type": "diffusion_frame", "step": 1, "total": 2, "text": text, "choices": [],
    ]
    #expect(await failure(.init(events(canvas)), configuration: .of(.unsloth)) == .overlong)
    let whole: JSONValue = [
      "choices": [["index": 0, "delta": ["content": text]]],
      "diffusion_meta": ["diffusion_content": true, "diffusion_progress": 0],
    ]
    #expect(await failure(.init(events(whole)), configuration: .of(.mercuryChat)) == .overlong)
  }

  @Test func anotherTryThanAskedForIsIgnored() async throws {
    let stream = events(
      chunk(" z", index: 7), chunk(" y", index: -1), chunk(" a", finish: "stop"))
    let transport = ScriptedTransport(.init(stream))
    let steps = try await RemoteInfiller(.of(.completions), transport).steps(letter)
    #expect(steps.last?.text == "a")
  }

  @Test func aKeyIsNotSentInClearNorShown() async throws {
    var configuration = EngineConfiguration.of(.completions, key: .environment("K"))
    configuration.address = EngineAddress("http://example.org")!
    #expect(await failure(.init(""), configuration: configuration) == .keyInClear)
    configuration.address = EngineAddress("http://127.0.0.1:8000")!
    let transport = ScriptedTransport(.init(status: 401))
    do {
      _ = try await RemoteInfiller(configuration, transport).steps(letter)
    } catch {
      #expect(!"\(error)".contains("secret"))
    }
    let request = try #require(transport.requests.first)
    #expect(request.key?.reveal() == "sk-secret")
    var dumped = ""
    dump(request, to: &dumped)
    #expect(!dumped.contains("secret"))
    #expect(!"\(request)".contains("secret"))
    #expect(!String(reflecting: request).contains("secret"))
  }
}

struct RetryPolicyTests {
  @Test func theServersWishIsKeptAndSpread() {
    for random in [0.0, 0.5, 0.999] {
      let delay = RetryPolicy.delay(attempt: 1, asked: 4000, random: random)
      #expect((4000...5000).contains(delay))
      #expect((250...500).contains(RetryPolicy.delay(attempt: 1, asked: nil, random: random)))
      #expect((500...1000).contains(RetryPolicy.delay(attempt: 2, asked: nil, random: random)))
    }
    #expect(RetryPolicy.delay(attempt: 1, asked: 0, random: 0.9) == 0)
  }

  @Test(
    arguments: [
      ("2", 2000), ("0.5", 500), ("-3", 0), ("1e9", 86_400_000), ("soon", nil), ("nan", nil),
      ("Tue, 01 Dec 2026 03:00:30 GMT", 30_000), ("Tue, 01 Dec 2026 02:00:00 GMT", 0),
      ("Mon, 01 Mar 2027 00:00:00 GMT", 86_400_000), ("Tue, 41 Dec 2026 03:00:30 GMT", nil),
    ] as [(String, Int?)])
  func secondsAndDatesAreRead(_ field: String, _ wish: Int?) {
    let response = HTTPResponse(
      status: 429,
      fields: [
        HTTPField("date", "Tue, 01 Dec 2026 03:00:00 GMT"), HTTPField("RETRY-AFTER", field),
      ],
      body: AsyncThrowingStream { $0.finish() })
    #expect(RetryPolicy.wish(of: response) == wish)
  }
}

struct EngineAddressTests {
  @Test func addressesAreTakenApart() throws {
    let plain = try #require(EngineAddress("http://localhost:8000"))
    #expect(plain.address(of: "/v1") == "http://localhost:8000/v1")
    #expect(plain.isLoopback)
    let deep = try #require(EngineAddress("HTTPS://api.deepseek.com/beta//"))
    #expect(deep.address(of: "/x") == "https://api.deepseek.com/beta/x")
    #expect(!deep.isLoopback)
    let six = try #require(EngineAddress("http://[::1]:80/"))
    #expect(six.place == "[::1]:80")
    #expect(six.isLoopback)
  }

  @Test func namesThatOnlyBeginLikeThisMachineAreOthers() throws {
    for host in ["127.example.org", "127.0.0.1.example.org", "localhost.example.org", "127.1"] {
      let address = try #require(EngineAddress("http://\(host)"))
      #expect(!address.isLoopback, "\(host)")
    }
  }

  @Test(arguments: [
    "", "localhost:8000", "ftp://a", "http://", "http://user:pass@host", "https://h:0",
    "https://h:99999", "https://h/a?b", "https://h/a#b", "https://h\u{1B}[0m", "https://h /",
    "https://[::1", "https://h:x",
  ])
  func othersAreRefused(_ text: String) { #expect(EngineAddress(text) == nil) }

  @Test func aKeyIsOneWord() {
    #expect(Secret("sk-1") != nil)
    for text in ["", "a b", "a\n", "a\r\nX: y", "é"] { #expect(Secret(text) == nil) }
  }
}
