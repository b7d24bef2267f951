internal import Checkpoints
public import JSON
public import Strings

/// Typed access to config.json: missing and impossible values throw with file, key, expected and
/// found.
public struct ConfigurationReader: Sendable {
  public let json: JSONValue
  public let file: String

  public init(_ json: JSONValue, file: String) {
    self.json = json
    self.file = file
  }

  /// No geometry of a real model is larger; the number of all weights still fits an `Int`.
  public static let largest = 1 << 18
  /// Sizes of a vocabulary.
  static let vocabularySizes = 1...1 << 24
  private static let ids = 0...1 << 24 - 1

  public func integer(_ key: String, in range: ClosedRange<Int> = 1...largest)
    throws(FileError) -> Int
  {
    guard let value = try integerIfPresent(key, in: range) else {
      throw FileError(
        file: file, place: key, expected: "an integer in \(range)", found: "nothing")
    }
    return value
  }

  /// Nil where the key is missing or null.
  public func integerIfPresent(_ key: String, in range: ClosedRange<Int> = 1...largest)
    throws(FileError) -> Int?
  {
    guard let value = json[key], !value.isNull else { return nil }
    guard let integer = value.int, range.contains(integer) else {
      throw FileError(
        file: file, place: key, expected: "an integer in \(range)", found: value.summary)
    }
    return integer
  }

  /// Nil where the key is missing or null. Real numbers of a configuration lie far within 1e-9 and
  /// 1e15, and stay what they are as fp32.
  public func numberIfPresent(
    _ key: String, in range: ClosedRange<Double> = 1e-9...1e15
  ) throws(FileError) -> Double? {
    guard let value = json[key], !value.isNull else { return nil }
    guard let number = value.double, range.contains(number) else {
      throw FileError(
        file: file, place: key,
        expected: "a number from \(range.lowerBound) to \(range.upperBound)", found: value.summary)
    }
    return number
  }

  /// The id of a token; nil where the key is missing or null.
  func token(_ key: String) throws(FileError) -> Int? {
    try integerIfPresent(key, in: Self.ids)
  }

  /// Tokens of a block that a model was trained on; nil where the key is missing or null.
  func blockLength(_ key: String) throws(FileError) -> Int? {
    try integerIfPresent(key, in: 1...4096)
  }

  /// The ids under a key: one, several, or none where it is missing or null.
  func tokens(_ key: String) throws(FileError) -> [Int] {
    guard let list = json[key]?.array else {
      return [try token(key)].compactMap(\.self)
    }
    var tokens: [Int] = []
    for value in list {
      guard let token = value.int, Self.ids.contains(token) else {
        throw FileError(
          file: file, place: key, expected: "integers in \(Self.ids)", found: value.summary)
      }
      tokens.append(token)
    }
    return tokens
  }

  public func flag(_ key: String) throws(FileError) -> Bool? {
    guard let value = json[key], !value.isNull else { return nil }
    guard let flag = value.bool else {
      throw FileError(
        file: file, place: key, expected: "true or false", found: value.summary)
    }
    return flag
  }

  /// The reader of an object inside; nil where the key is missing, null or false.
  public func object(_ key: String) throws(FileError) -> ConfigurationReader? {
    guard let value = json[key], !value.isNull, value != false else { return nil }
    guard value.object != nil else {
      throw FileError(file: file, place: key, expected: "an object", found: value.summary)
    }
    return ConfigurationReader(value, file: file)
  }

  /// Throws unless `key` is missing, null or `expected`.
  public func require(_ key: String, is expected: JSONValue) throws(FileError) {
    guard let value = json[key], !value.isNull, value != expected else { return }
    throw FileError(
      file: file, place: key, expected: expected.summary, found: value.summary)
  }
}

extension ModelConfiguration {
  /// Reads config.json with the family's keys and its adjustments.
  public init(_ reader: ConfigurationReader, family: ModelFamily) throws {
    try self.init(
      reader, keys: family.keys, family: family.name,
      rotary: { try RotaryConfiguration(reader, headSize: $0) })
    attentionBias = try reader.flag("attention_bias") ?? false
    beginToken = try reader.token("bos_token_id")
    endTokens = try reader.tokens("eos_token_id")
    try family.adjust(&self, reader)
    try check(reader.file)
  }

  init(
    _ reader: ConfigurationReader, keys: ConfigurationKeys, family: String,
    rotary: (_ headSize: Int) throws -> RotaryConfiguration
  ) throws {
    let width = try reader.integer(keys.width)
    let heads = try reader.integer(keys.heads)
    let headSize = try reader.integerIfPresent(keys.headSize) ?? width / heads
    self.init(
      family: family, width: width, layers: try reader.integer(keys.layers, in: 1...1024),
      heads: heads, keyValueHeads: try reader.integerIfPresent(keys.keyValueHeads) ?? heads,
      headSize: headSize,
      feedForwardWidth: try reader.integerIfPresent(keys.expertCount) == nil
        ? reader.integer(keys.feedForwardWidth)
        : reader.integerIfPresent(keys.feedForwardWidth) ?? reader.integer(keys.expertWidth),
      vocabularySize: try reader.integer(
        keys.vocabularySize, in: ConfigurationReader.vocabularySizes),
      contextLength: try reader.integerIfPresent(keys.contextLength, in: 1...1 << 30) ?? 2048,
      normEpsilon: Float(try reader.numberIfPresent(keys.normEpsilon, in: 1e-12...1) ?? 1e-6),
      rotary: try rotary(headSize), tiesEmbedding: try reader.flag(keys.tiesEmbedding) ?? false)
  }

  /// Throws unless the numbers fit each other.
  func check(_ file: String) throws(FileError) {
    func fail(_ place: String, _ expected: String, _ found: String) -> FileError {
      FileError(file: file, place: place, expected: expected, found: found)
    }
    guard headSize > 0, headSize % 2 == 0 else {
      throw fail("head size", "an even positive number", "\(headSize)")
    }
    guard queryWidth <= ConfigurationReader.largest else {
      throw fail(
        "heads", "at most \(ConfigurationReader.largest) columns",
        "\(heads) of \(headSize) columns")
    }
    guard heads % keyValueHeads == 0 else {
      throw fail("key-value heads", "a divisor of \(heads) heads", "\(keyValueHeads)")
    }
    guard (2...headSize).contains(rotary.dimensions), rotary.dimensions % 2 == 0 else {
      throw fail("rotary dimensions", "an even number up to \(headSize)", "\(rotary.dimensions)")
    }
    let tokens = [
      ("mask token", diffusion?.maskToken), ("expand token", diffusion?.expandToken),
      ("bos token", beginToken),
    ]
    for (name, token) in tokens + endTokens.map({ ("eos token", $0) }) {
      guard let token, token >= vocabularySize else { continue }
      throw fail(name, "an id below the vocabulary's \(vocabularySize)", "\(token)")
    }
    guard let experts else { return }
    guard experts.count % experts.groups == 0, experts.activeGroups <= experts.groups,
      experts.active <= experts.count / experts.groups * experts.activeGroups
    else {
      throw fail(
        "experts", "\(experts.active) active ones in \(experts.activeGroups) of the groups",
        "\(experts.count) experts in \(experts.groups) groups")
    }
  }
}

extension ExpertConfiguration {
  /// Experts in every layer after a softmax router without groups, as Qwen3-MoE and OLMoE have
  /// them.
  init(_ reader: ConfigurationReader, keys: ConfigurationKeys, normalizes: Bool) throws {
    let active = try reader.integer(keys.activeExperts, in: 1...4096)
    let width = try reader.integerIfPresent(keys.expertWidth)
    self.init(
      count: try reader.integer(keys.expertCount, in: 1...4096), active: active,
      width: try width ?? max(1, reader.integer(keys.feedForwardWidth) / active),
      scoring: .softmax, normalizes: normalizes)
  }
}

extension RotaryConfiguration {
  /// What theta may be: at 1 no frequency is slower than another.
  static let bases = 1.1...1e15

  /// Reads `rope_theta`, `rope_scaling` or `rope_parameters`, and `partial_rotary_factor`.
  init(_ reader: ConfigurationReader, headSize: Int) throws {
    let bases = Self.bases
    let inner = try reader.object("rope_parameters") ?? reader.object("rope_scaling")
    let theta =
      try inner?.numberIfPresent("rope_theta", in: bases)
      ?? reader.numberIfPresent("rope_theta", in: bases) ?? 10_000
    let share = try reader.numberIfPresent("partial_rotary_factor", in: 1e-9...1) ?? 1
    self.init(theta: theta, dimensions: Int(share * Double(headSize)))
    guard let inner else { return }
    let kind = inner.json["rope_type"] ?? inner.json["type"] ?? "default"
    let original =
      try inner.integerIfPresent("original_max_position_embeddings", in: 1...1 << 30)
      ?? reader.integerIfPresent("max_position_embeddings", in: 1...1 << 30) ?? 2048
    let factor = try inner.numberIfPresent("factor") ?? 1
    switch kind.string {
    case "default": break
    case "linear": scaling = .linear(factor)
    case "llama3":
      scaling = .llama3(
        factor: factor, low: try inner.numberIfPresent("low_freq_factor") ?? 1,
        high: try inner.numberIfPresent("high_freq_factor") ?? 4, original: original)
    case "yarn":
      scaling = .yarn(try YaRN(inner, factor: factor, original: original))
    default:
      throw FileError(
        file: reader.file, place: "rope_type", expected: "default, linear, llama3 or yarn",
        found: kind.summary)
    }
    if let beta = try inner.numberIfPresent("llama_4_scaling_beta") {
      queryScale = QueryScale(beta: beta, original: original)
    }
  }
}

extension RotaryConfiguration.YaRN {
  init(_ reader: ConfigurationReader, factor: Double, original: Int) throws {
    self.init(factor: factor, original: original)
    betaFast = try reader.numberIfPresent("beta_fast") ?? 32
    betaSlow = try reader.numberIfPresent("beta_slow") ?? 1
    truncates = try reader.flag("truncate") ?? true
    attentionFactor = try reader.numberIfPresent("attention_factor")
    let scale = try reader.numberIfPresent("mscale")
    let allDimensions = try reader.numberIfPresent("mscale_all_dim")
    if attentionFactor == nil, let scale, let allDimensions {
      attentionFactor = Self.magnitude(factor, scale) / Self.magnitude(factor, allDimensions)
    }
  }
}
