internal import Checkpoints
import Glibc
internal import Tensors

/// A mixture of experts: a sigmoid router in groups, the chosen experts weighted, shared experts
/// always. Follows `LLaDA2MoeSparseMoeBlock`, which is DeepSeek-V3's.
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
      throw CheckpointError(
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
    experts = try (0..<configuration.count).map {
      try expert(expertNames.expert($0), configuration.width)
    }
    shared =
      configuration.shared > 0
      ? try expert(expertNames.shared, configuration.width * configuration.shared) : nil
  }

  var byteCount: Int {
    experts.reduce(router.byteCount + (shared?.byteCount ?? 0)) { $0 + $1.byteCount }
  }

  /// For a row of router logits the experts and their weights.
  func route(_ logits: [Float]) -> [(expert: Int, weight: Float)] {
    let scores = logits.map { 1 / (1 + expf(-$0)) }
    let biased = zip(scores, bias).map { $0 + $1 }
    let size = configuration.count / configuration.groups
    // A group counts as its two best experts.
    let groups = (0..<configuration.groups).map { group in
      biased[group * size..<(group + 1) * size].sorted(by: >).prefix(2).reduce(0, +)
    }
    let open = Self.best(groups, configuration.activeGroups)
    let candidates = open.flatMap { Array($0 * size..<($0 + 1) * size) }
    let chosen = Self.best(candidates.map { biased[$0] }, configuration.active)
      .map { candidates[$0] }
    let sum = chosen.reduce(Float(0)) { $0 + scores[$1] }
    let norm = chosen.count > 1 ? sum + 1e-20 : 1
    return chosen.map { ($0, scores[$0] / norm * configuration.scale) }
  }

  /// Indices of the `count` largest values, ties to the left.
  private static func best(_ values: [Float], _ count: Int) -> [Int] {
    Array(
      values.indices.sorted { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }
        .prefix(count))
  }
}
