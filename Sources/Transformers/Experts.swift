internal import Checkpoints
internal import Strings
internal import Tensors

/// A mixture of experts: a router in groups, the chosen experts weighted, shared experts always.
/// Follows `LLaDA2MoeSparseMoeBlock`, which is DeepSeek-V3's, and with a softmax
/// `Qwen3MoeSparseMoeBlock`.
struct Experts {
  let configuration: ExpertConfiguration
  /// `[count, width]`, fp32: choices are sensitive.
  let router: LinearWeights
  /// Added to the scores for the choice alone; zeros without.
  let bias: [Float]
  let experts: [DenseFeedForward]
  let shared: DenseFeedForward?

  init(
    _ loader: WeightLoader, _ names: TensorNames.LayerNames, _ model: ModelConfiguration,
    _ configuration: ExpertConfiguration
  ) throws {
    guard let expertNames = names.experts else {
      throw FileError(
        file: loader.checkpoint.path, place: "config.json", expected: "a family with experts",
        found: "experts")
    }
    self.configuration = configuration
    router = LinearWeights(
      try loader.tensor("\(expertNames.router).weight", [configuration.count, model.width]),
      kernels: loader.kernels)
    bias =
      configuration.hasBias
      ? try loader.tensor(expertNames.bias, [configuration.count]).floats()
      : [Float](repeating: 0, count: configuration.count)
    func expert(_ prefix: String, _ width: Int) throws -> DenseFeedForward {
      var names = names
      names.gate = "\(prefix).gate_proj"
      names.up = "\(prefix).up_proj"
      names.down = "\(prefix).down_proj"
      return try DenseFeedForward(loader, names, width: model.width, inner: width)
    }
    if let stacked = expertNames.stacked {
      experts = try Self.experts(loader, stacked, width: model.width, configuration)
    } else {
      experts = try (0..<configuration.count).map {
        try expert(expertNames.expert($0), configuration.width)
      }
    }
    shared =
      configuration.shared > 0
      ? try expert(expertNames.shared, configuration.width * configuration.shared) : nil
  }

  /// Experts of tensors `[count, inner, width]`, down `[count, width, inner]`.
  private static func experts(
    _ loader: WeightLoader, _ names: TensorNames.StackedNames, width: Int,
    _ configuration: ExpertConfiguration
  ) throws -> [DenseFeedForward] {
    let (count, inner) = (configuration.count, configuration.width)
    let gate = try loader.tensor("\(names.gate).weight", [count, inner, width])
    let up = try loader.tensor("\(names.up).weight", [count, inner, width])
    let down = try loader.tensor("\(names.down).weight", [count, width, inner])
    return (0..<count).map { expert in
      let rows = expert * inner..<(expert + 1) * inner
      return DenseFeedForward(
        gateUp: loader.pack(gate.rows(rows), up.rows(rows)),
        down: loader.pack(down.rows(expert * width..<(expert + 1) * width)))
    }
  }

  var byteCount: Int {
    experts.reduce(router.byteCount + (shared?.byteCount ?? 0)) { $0 + $1.byteCount }
  }
}
