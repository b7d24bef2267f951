internal import JSON
internal import Strings

/// A request of `/v1/completions`, as OpenAI has them, with members of our own: `original`,
/// `quality`, `t_max_predict_ms`, `slots`, `mode`, `instruction`, `diffusing`.
struct CompletionRequest: Equatable {
  /// A span for each choice, in the order of their indices.
  var spans: [SpanRequest]
  var isStreamed: Bool
  var showsFrames: Bool
  var includesUsage: Bool
  /// Runners-up listed for each token; nil for no log-probabilities.
  var logprobs: Int?
  /// Members that change nothing here.
  var ignored: [String]

  /// Members of the protocol that change nothing here, and the values at which they would change
  /// nothing anywhere.
  private static let neutral: [(name: String, values: [Double])] = [
    ("top_p", [1]), ("top_k", [-1, 0]), ("min_p", [0]), ("presence_penalty", [0]),
    ("frequency_penalty", [0]), ("repetition_penalty", [1]), ("best_of", [1]),
  ]

  /// Throws for what is malformed, too large, or asks for another model than `model`.
  init(
    _ body: [UInt8], model: String, _ limits: ServiceLimits
  ) throws(ServiceError) {
    var members = try Members(body)
    if let asked = try members.string("model"), asked != model {
      throw .unknownModel(asked, served: model)
    }
    guard let prompts = try members.strings("prompt"), !prompts.isEmpty else {
      throw .invalid(
        member: "prompt", expected: "the text before the passage, or an array of such texts",
        found: "none")
    }
    let suffixes = try Self.texts("suffix", &members, of: prompts.count)
    let originals = try Self.texts("original", &members, of: prompts.count)
    let tries = try members.int("n", in: 1...limits.spans) ?? 1
    guard prompts.count * tries <= limits.spans else {
      throw .tooManySpans(prompts.count * tries, limit: limits.spans)
    }
    if try members.bool("echo") == true {
      throw .invalid(member: "echo", expected: "false: only the passage is sent", found: "true")
    }
    let options = try SpanOptions(
      &members, length: "max_tokens", standard: 64, limits, showsFrames: true)
    spans = prompts.indices.flatMap { index in
      (0..<tries).map { number in
        options.span(
          prefix: prompts[index], original: originals[index], suffix: suffixes[index],
          number: number)
      }
    }
    isStreamed = options.isStreamed
    showsFrames = options.showsFrames
    logprobs = try members.int("logprobs", in: 0...5)
    includesUsage = members.value("stream_options")?["include_usage"]?.bool ?? false
    _ = members.value("user")
    ignored = Self.neutral.filter { name, values in
      guard let value = members.value(name) else { return false }
      return !values.contains { $0 == value.double }
    }.map(\.name)
    ignored += members.others.prefix(8)
  }

  /// One text for each prompt: those of an array, or one for all; empty where there is none.
  private static func texts(
    _ name: String, _ members: inout Members, of count: Int
  ) throws(ServiceError) -> [String] {
    let texts = try members.strings(name) ?? [""]
    if texts.count == 1 { return Array(repeating: texts[0], count: count) }
    guard texts.count == count else {
      throw .invalid(
        member: name, expected: "one text, or as many as prompts, \(count)",
        found: texts.count.counted("text"))
    }
    return texts
  }

  /// What the answer warns of; nil without anything.
  var warning: String? {
    guard !ignored.isEmpty else { return nil }
    let names = ignored.map { String($0.unicodeScalars.prefix(40)).escapedForMessage }
    return "Ignored, since this engine has no use for them: \(names.joined(separator: ", "))."
  }
}
