internal import DecodingPolicies
public import Infilling
internal import Strings

/// One passage to fill, and where its text ends.
public struct SpanRequest: Sendable, Equatable {
  public var request: InfillRequest
  /// Tokens of the answer at most.
  public var maximumTokens: Int
  /// The answer ends before the first of these texts.
  public var stops: [String]
}

/// Members that both ways of asking have, for how spans are filled.
struct SpanOptions: Equatable {
  /// Tokens that a passage without old text is aimed at.
  private static let ordinaryLength = 12
  /// Stops of a request, and bytes of one.
  private static let stopLimit = (count: 16, bytes: 256)

  var settings: DecodingConfiguration
  var instruction: String?
  var maximumTokens: Int
  var stops: [String]
  var isStreamed: Bool
  /// Whether frames of the steps are streamed.
  var showsFrames: Bool

  /// - Parameters:
  ///   - length: the member that limits the tokens, and its values.
  ///   - unlimited: a value of it that is no limit.
  ///   - showsFrames: whether frames are streamed where the request does not say.
  init(
    _ members: inout Members, length: String, standard: Int, unlimited: Int? = nil,
    _ limits: ServiceLimits, showsFrames: Bool
  ) throws(ServiceError) {
    let mode = try members.string("mode")
    settings = DecodingConfiguration()
    if let mode {
      guard let known = DecodingMode(name: mode) else {
        throw .invalid(
          member: "mode",
          expected: DecodingMode.allCases.map(\.name).joined(separator: ", "),
          found: mode.quotedForMessage)
      }
      settings.mode = known
    }
    let quality = try members.int("quality", in: UnmaskingPolicy.qualities)
    let time = try members.int("t_max_predict_ms", in: 0...UnmaskingPolicy.longestBudget)
    if let quality {
      settings.unmasking = .quality(quality)
    } else if let time, time > 0 {
      settings.unmasking = .budget(milliseconds: Double(time))
    }
    settings.temperature = try members.number("temperature", in: 0...2) ?? 0
    let seed = try members.int("seed", in: Int.min...Int.max) ?? 0
    // llama.cpp's −1 asks for any seed.
    settings.seed = seed < 0 ? 0 : UInt64(seed)
    instruction = try members.string("instruction")

    let asked = try members.int(length, in: (unlimited ?? 1)...Int(Int32.max)) ?? standard
    maximumTokens = asked == unlimited ? limits.tokens : min(asked, limits.tokens)
    settings.slots = try members.int("slots", in: 1...limits.tokens)

    stops = try members.strings("stop") ?? []
    guard stops.count <= Self.stopLimit.count,
      stops.allSatisfy({ (1...Self.stopLimit.bytes).contains($0.utf8.count) })
    else {
      throw .invalid(
        member: "stop",
        expected: "at most \(Self.stopLimit.count) texts of 1 to \(Self.stopLimit.bytes) bytes",
        found: "others")
    }
    isStreamed = try members.bool("stream") ?? false
    self.showsFrames = try members.bool("diffusing") ?? showsFrames
  }

  /// The span between two texts, try `number` of it.
  func span(
    prefix: String, original: String, suffix: String, number: Int = 0
  ) -> SpanRequest {
    var settings = settings
    settings.seed &+= UInt64(number)
    if original.isEmpty, settings.slots == nil {
      // A search writes up to twice the length it aims for.
      settings.slots = max(1, min(Self.ordinaryLength, maximumTokens / 2))
    }
    return SpanRequest(
      request: InfillRequest(
        prefix: prefix, original: original, suffix: suffix, settings: settings,
        instruction: instruction),
      maximumTokens: maximumTokens, stops: stops)
  }
}
