internal import Checkpoints
internal import DecodingPolicies
internal import Documents
internal import Inference
internal import JSON
internal import Strings
internal import Tensors
internal import Tokenizers
internal import Transformers

/// Facts of a checkpoint, from its headers and JSON files.
struct ModelFacts {
  /// A fact as a line of text and as a member of a JSON object, inside the object `group` if it has
  /// one.
  struct Fact: Equatable {
    var label: String
    var group: String?
    var key: String
    var value: JSONValue
    /// The value in words, if it is not a plain number.
    var words: String?
  }

  private(set) var facts: [Fact] = []

  /// Opens the checkpoint at `path` and reads its headers and its tokenizer. Throws for faults that
  /// loading would refuse there; an unknown family is a fact, not an error.
  init(path: String) throws {
    let checkpoint = try Checkpoint.open(path)
    add("path", .string(checkpoint.path))
    add("format", .string(checkpoint.source.rawValue))
    add("name", checkpoint.gguf?.metadata["general.name"]?.string.map(JSONValue.string))
    add("licence", ModelLicence.name(in: checkpoint).map(JSONValue.string))
    let (name, family) = ModelFamily.named(in: checkpoint)
    if family != nil {
      let (family, model) = try ModelFamily.identify(checkpoint)
      try family.checkEmbedding(of: checkpoint, model)
      let tokenizer = try Self.tokenizer(checkpoint, model)
      add("family", .string(model.family))
      addGeometry(model)
      addTokens(tokenizer, model)
      addAbilities(checkpoint, model)
    } else {
      add("family", .null, words: "not known: \(name.isEmpty ? "nothing" : name)")
    }
    try addTensors(checkpoint)
  }

  private mutating func addGeometry(_ model: ModelConfiguration) {
    func add(_ label: String, _ key: String, _ value: JSONValue?) {
      self.add(label, value, group: "geometry", key: key)
    }
    add("layers", "layers", .integer(model.layers))
    add("width", "width", .integer(model.width))
    add("heads", "heads", .integer(model.heads))
    add("KV heads", "keyValueHeads", .integer(model.keyValueHeads))
    add("head size", "headSize", .integer(model.headSize))
    add("feed-forward width", "feedForwardWidth", .integer(model.feedForwardWidth))
    if let experts = model.experts {
      add("experts", "experts", .integer(experts.count))
      add("active experts", "activeExperts", .integer(experts.active))
      add("shared experts", "sharedExperts", .integer(experts.shared))
      add("expert width", "expertWidth", .integer(experts.width))
    }
    add("vocabulary", "vocabulary", .integer(model.vocabularySize))
    add("context", "context", .integer(model.contextLength))
    add("RoPE theta", "ropeTheta", .number(model.rotary.theta))
    add("tied embedding", "tiedEmbedding", .bool(model.tiesEmbedding))
    self.add("attention", .string(Self.attention(model)), key: "attention")
    if let vision = model.vision {
      add("tower layers", "towerLayers", .integer(vision.layers))
      add("tower width", "towerWidth", .integer(vision.width))
      add("patch size", "patchSize", .integer(vision.patchSize))
      add("largest picture", "largestPicture", .integer(vision.imageSize))
    }
  }

  /// Nil for weights without a tokenizer beside them.
  private static func tokenizer(
    _ checkpoint: Checkpoint, _ model: ModelConfiguration
  ) throws(FileError) -> Tokenizer? {
    if checkpoint.gguf == nil {
      guard try checkpoint.companion("tokenizer.json") != nil else { return nil }
    }
    return try Tokenizer(checkpoint, rows: model.vocabularySize)
  }

  private mutating func addTokens(_ tokenizer: Tokenizer?, _ model: ModelConfiguration) {
    func add(_ label: String, _ key: String, _ id: Int?) {
      guard let id else { return }
      let spelling = tokenizer?.spelling(of: id).map { " \(DisplayForm.visible($0))" } ?? ""
      self.add(
        label, .integer(id), group: "specialTokens", key: key, words: "\(id)\(spelling)")
    }
    add("BOS token", "bos", tokenizer?.special.beginning ?? model.beginToken)
    add("EOS token", "eos", tokenizer?.special.end ?? model.endTokens.first)
    add("mask token", "mask", model.diffusion?.maskToken ?? tokenizer?.special.mask)
    let lengthTokens = tokenizer.flatMap { LengthTokens(model, $0) }
    add("expand token", "expand", lengthTokens?.expand)
    add("delete token", "delete", lengthTokens?.delete)
  }

  private mutating func addAbilities(_ checkpoint: Checkpoint, _ model: ModelConfiguration) {
    guard let abilities = try? ModelAbilities(checkpoint, model) else { return }
    let modes = abilities.modes.map(\.name)
    add(
      "generate", .array(modes.map(JSONValue.string)), group: "abilities", key: "generate",
      words: modes.joined(separator: ", "))
    add(
      "fill", .bool(true), group: "abilities", key: "fill",
      words: !abilities.fillsMasks
        ? "by search, of any length"
        : abilities.variesLength
          ? "yes, of any length"
          : abilities.searches ? "yes, of fixed length; by search, of any" : "yes, of fixed length")
    add(nil, .bool(abilities.searches), group: "abilities", key: "searches")
    add(
      nil, .bool(abilities.variesLength), group: "abilities", key: "variesLength")
    add(
      "sees pictures", .bool(abilities.seesPictures), group: "abilities", key: "seesPictures")
    add(
      "self-speculation", .bool(abilities.modes.contains(.selfSpeculation)), group: "abilities",
      key: "selfSpeculates")
  }

  private mutating func addTensors(_ checkpoint: Checkpoint) throws(FileError) {
    var tensors: [Tensor] = []
    for name in checkpoint.tensorNames { tensors.append(try checkpoint.tensor(name)) }
    let parameters = tensors.reduce(0) { $0 + $1.count }
    add("parameters", .integer(parameters), words: Self.grouped(parameters))
    var shares = JSONObject()
    for type in ElementType.allCases {
      let some = tensors.filter { $0.type == type }
      guard !some.isEmpty else { continue }
      let bytes = some.reduce(0) { $0 + $1.byteCount }
      shares[type.rawValue] = ["tensors": .integer(some.count), "bytes": .integer(bytes)]
      add(
        type.rawValue, nil, key: "",
        words: "\(some.count) tensors, \(Self.grouped(bytes)) bytes")
    }
    add(nil, .object(shares), key: "bytesByType")
  }

  /// How a model was trained to attend.
  private static func attention(_ model: ModelConfiguration) -> String {
    let shift = model.diffusion?.shiftsLogits == true ? ", logits shifted" : ""
    switch model.diffusion?.attention {
    case nil: return "causal"
    case .bidirectional: return "bidirectional\(shift)"
    case .blockCausal(let size): return "causal by blocks of \(size)\(shift)"
    case .causalContext(let size): return "causal, blocks of \(size) bidirectional\(shift)"
    }
  }

  /// Names to the left, values in a column.
  var text: String {
    let lines = facts.filter { !$0.label.isEmpty }
    let width = lines.map(\.label.count).max() ?? 0
    return lines.map { fact in
      let blanks = String(repeating: " ", count: width - fact.label.count + 2)
      return "\(fact.label)\(blanks)\(fact.words ?? Self.words(fact.value))\n"
    }.joined()
  }

  /// Numbers as numbers; geometry, special tokens and abilities as nested objects.
  var json: JSONValue {
    var object = JSONObject()
    for fact in facts where !fact.key.isEmpty {
      guard let group = fact.group else {
        object[fact.key] = fact.value
        continue
      }
      var inner = object[group]?.object ?? JSONObject()
      inner[fact.key] = fact.value
      object[group] = .object(inner)
    }
    return .object(object)
  }

  private static func words(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): DisplayForm.visible(text)
    case .integer(let number): "\(number)"
    case .number(let number): "\(Int(exactly: number).map(String.init) ?? "\(number)")"
    case .bool(let flag): flag ? "yes" : "no"
    default: ""
    }
  }

  /// A fact; without a label it is for JSON alone, with an empty key for the text.
  private mutating func add(
    _ label: String?, _ value: JSONValue?, group: String? = nil, key: String? = nil,
    words: String? = nil
  ) {
    guard value != nil || words != nil else { return }
    facts.append(
      Fact(
        label: label ?? "", group: group, key: key ?? label ?? "", value: value ?? .null,
        words: words))
  }

  /// 134515008 as 134,515,008.
  static func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    return String(
      digits.indices.flatMap { index in
        index > 0 && (digits.count - index).isMultiple(of: 3)
          ? [",", digits[index]] : [digits[index]]
      })
  }
}
