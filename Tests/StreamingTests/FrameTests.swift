import JSON
import Streaming
import Testing

struct FrameTests {
  @Test(arguments: [
    DiffusionFrame.canvas(text: "a \u{1B}[31m░", block: 1, step: 2, total: 16),
    .whole(text: "x\u{1F}y", progress: 0), .whole(text: "xy", progress: 1),
  ])
  func whatIsWrittenIsReadBack(_ frame: DiffusionFrame) throws {
    let chunk = JSONValue.object(frame.members).serialized()
    #expect(try DiffusionFrame(chunk: .parse(Array(chunk.utf8), file: "")) == frame)
  }

  @Test func theDocumentedChunksAreRead() throws {
    let inception = """
      {"id":"c","model":"mercury-2.5","choices":[{"index":0,"delta":{"role":"assistant",\
      "content":"def p(x)\\u001f: r%t\\n","tool_calls":[]},"finish_reason":null}],\
      "diffusion_meta":{"diffusion_content":true,"diffusion_progress":0},"reasoning_summary":null}
      """
    #expect(try frame(inception) == .whole(text: "def p(x)\u{1F}: r%t\n", progress: 0))
    let unsloth = """
      {"choices":[{"delta":{}}],"type":"diffusion_frame","block":0,"step":3,"total":8,"text":"a"}
      """
    #expect(try frame(unsloth) == .canvas(text: "a", block: 0, step: 3, total: 8))
  }

  @Test func otherChunksAreNoFrames() throws {
    #expect(try frame(#"{"choices":[{"delta":{"content":"a"}}]}"#) == nil)
    #expect(try frame(#"{"choices":[],"usage":{},"timings":{}}"#) == nil)
    #expect(throws: StreamError.self) { try frame(#"{"type":"diffusion_frame","text":7}"#) }
    let bold = #"{"type":"diffusion_frame","text":"","block":-4,"step":1e30,"total":9999999999}"#
    #expect(try frame(bold) == .canvas(text: "", block: 0, step: 0, total: 1_000_000))
  }

  private func frame(_ chunk: String) throws -> DiffusionFrame? {
    try DiffusionFrame(chunk: .parse(Array(chunk.utf8), file: ""))
  }
}

struct ServiceFaultTests {
  @Test(arguments: [
    (
      #"{"error":{"message":"m","type":"rate_limit_error","param":null,"code":"limit"}}"#,
      ServiceFault("m", type: "rate_limit_error", code: "limit")
    ),
    (
      #"{"error":{"code":501,"message":"m","type":"t"}}"#, ServiceFault("m", type: "t", code: "501")
    ),
    (#"{"error":"x does not support insert"}"#, ServiceFault("x does not support insert")),
    (#"{"detail":"Not Found"}"#, ServiceFault("Not Found")),
  ])
  func everyServersErrorIsRead(_ reply: String, _ fault: ServiceFault) throws {
    let value = try JSONValue.parse(Array(reply.utf8), file: "")
    #expect(ServiceFault(value) == fault)
    #expect(ServiceFault(fault.json) == fault)
  }

  @Test func repliesAreNoErrors() throws {
    for reply in [#"{"choices":[]}"#, #"{"response":"a","done":false}"#, "[]", #"{"error":null}"#] {
      #expect(ServiceFault(try JSONValue.parse(Array(reply.utf8), file: "")) == nil)
    }
  }

  @Test func aMessageIsShortAndHarmless() {
    let fault = ServiceFault("a\u{1B}[2J\nb" + String(repeating: "x", count: 500))
    #expect(fault.shortMessage.hasPrefix("a\\u{1b}[2J\\u{a}bxxx"))
    #expect(fault.shortMessage.unicodeScalars.count < 230)
    #expect(fault.shortMessage.hasSuffix("…"))
  }
}
