internal import Tensors

extension Transformer {
  func runLayer(_ index: Int, _ pass: ForwardPass, _ all: Int) {
    var rows = all
    let (weights, buffers) = (layers[index], activations)
    let adapter = pass.adapter
    let extra = adapter?.layers[index]
    // A lone group's keys are made where they go.
    let lone = layout.loneTarget
    let keyValue = lone?.layers[index] ?? buffers.keyValue
    let first = lone == nil ? 0 : layout.groups[0].first

    normalize(rows, extra?.attentionNorm ?? weights.attentionNorm)
    stageTimes.measure(.queryKeyValue) {
      kernels.linear(
        buffers.normed, rows: rows, extra?.query.merged ?? weights.query, into: buffers.query,
        extra?.keyValue.merged ?? weights.keyValue, into: keyValue, at: first)
    }
    adapt(buffers.normed, rows, adapter, extra?.query, into: buffers.query)
    adapt(buffers.normed, rows, adapter, extra?.keyValue, into: keyValue, at: first)
    if let bias = weights.queryBias { kernels.addBias(bias, to: buffers.query, rows: rows) }
    if let bias = weights.keyValueBias {
      kernels.addBias(bias, to: keyValue, from: first, rows: rows)
    }
    stageTimes.measure(.rotation) {
      rotate(weights, keyValue, first: first, rows: rows, positions: pass.positions)
    }
    if lone == nil {
      for place in 0..<layout.groups.count {
        let group = layout.groups[place]
        group.target?.layers[index].copyRows(group.rows, of: keyValue, to: group.first)
      }
    }
    let outputRows = index == layers.count - 1 ? outputRows : nil
    if let outputRows, outputRows.isEmpty { return }
    stageTimes.measure(.attention) { attend(index) }
    if let outputRows, outputRows.count < rows {
      buffers.attended.gather(outputRows, of: buffers.attended)
      buffers.hidden.gather(outputRows, of: buffers.hidden)
      rows = outputRows.count
    }
    project(
      .output, buffers.attended, rows, weights.output, adapter, extra?.output, into: buffers.hidden)
    pass.drafter?.add(
      layer: index, buffers.attended, rows: rows, into: buffers.hidden, kernels: kernels)

    normalize(rows, extra?.feedForwardNorm ?? weights.feedForwardNorm)
    switch weights.feedForward {
    case .dense(let dense):
      gate(dense, rows, adapter, extra?.gateUp)
      project(
        .down, buffers.inner, rows, dense.down, adapter, extra?.down, into: buffers.hidden)
    case .experts(let experts): runExperts(experts, rows)
    }
  }

  /// hidden += shared(x) + Σ weight · expert(x), x the normalised rows. The rows of one expert are
  /// computed together.
  private func runExperts(_ experts: Experts, _ rows: Int) {
    guard let buffers = activations.experts else {
      preconditionFailure("experts without buffers")
    }
    let (x, hidden, choices) = (activations.normed, activations.hidden, buffers.choices)
    kernels.linear(x, rows: rows, experts.router, into: buffers.routing)
    choices.choose(buffers.routing, rows: rows, bias: experts.bias, experts.configuration)
    for index in 0..<experts.experts.count {
      let uses = choices.uses(of: index)
      if uses.isEmpty { continue }
      let expert = experts.experts[index]
      buffers.gathered.gather(choices.rows, uses, of: x)
      kernels.gatedLinear(
        buffers.gathered, rows: uses.count, expert.gateUp, gateUp: buffers.gateUp,
        into: buffers.inner)
      kernels.linear(buffers.inner, rows: uses.count, expert.down, into: buffers.results)
      kernels.add(
        buffers.results, weights: choices.weights, to: choices.rows, uses, of: hidden)
    }
    guard let shared = experts.shared else { return }
    kernels.gatedLinear(
      x, rows: rows, shared.gateUp, gateUp: buffers.sharedGateUp, into: buffers.sharedInner)
    kernels.linear(buffers.sharedInner, rows: rows, shared.down, into: hidden, accumulate: true)
  }

  private func normalize(_ rows: Int, _ weight: Matrix) {
    stageTimes.measure(.norms) {
      kernels.rmsNorm(
        activations.hidden, rows: rows, weight: weight, epsilon: configuration.normEpsilon,
        into: activations.normed)
    }
  }

  /// y += W x + scale · B (A x).
  private func project(
    _ stage: StageTimes.Stage, _ x: QuantizedActivations, _ rows: Int, _ weights: LinearWeights,
    _ adapter: Adapter?, _ lowRank: Adapter.LowRank?, into y: Matrix
  ) {
    stageTimes.measure(stage) {
      kernels.linear(x, rows: rows, lowRank?.merged ?? weights, into: y, accumulate: true)
    }
    adapt(x, rows, adapter, lowRank, into: y)
  }

  /// inner = silu(gate) · up.
  private func gate(
    _ dense: DenseFeedForward, _ rows: Int, _ adapter: Adapter?, _ lowRank: Adapter.LowRank?
  ) {
    let buffers = activations
    guard case .beside = lowRank else {
      stageTimes.measure(.gateUp) {
        kernels.gatedLinear(
          buffers.normed, rows: rows, lowRank?.merged ?? dense.gateUp, gateUp: buffers.gateUp,
          into: buffers.inner)
      }
      return
    }
    stageTimes.measure(.gateUp) {
      kernels.linear(buffers.normed, rows: rows, dense.gateUp, into: buffers.gateUp)
    }
    adapt(buffers.normed, rows, adapter, lowRank, into: buffers.gateUp)
    stageTimes.measure(.activation) {
      kernels.swiglu(buffers.gateUp, rows: rows, into: buffers.inner)
    }
  }

  /// y += scale · B (A x) of what is not merged.
  private func adapt(
    _ x: QuantizedActivations, _ rows: Int, _ adapter: Adapter?, _ lowRank: Adapter.LowRank?,
    into y: Matrix, at row: Int = 0
  ) {
    guard let adapter, case .beside(let a, let b) = lowRank else { return }
    stageTimes.measure(.adapter) {
      let inner = a.rows == adapter.rank ? adapter.narrow : adapter.wide
      kernels.linear(x, rows: rows, a, into: inner)
      kernels.linear(
        inner, rows: rows, b, into: y, at: row, accumulate: true, scale: adapter.scale)
    }
  }

  private func rotate(
    _ weights: LayerWeights, _ keyValue: Matrix, first: Int, rows: Int, positions: [Int]
  ) {
    let model = configuration
    let buffers = activations
    if let norm = weights.queryNorm {
      kernels.rmsNorm(
        buffers.query, rows: rows, column: 0, heads: model.heads, weight: norm,
        epsilon: model.normEpsilon, into: buffers.query)
    }
    if let norm = weights.keyNorm {
      kernels.rmsNorm(
        keyValue, from: first, rows: rows, column: 0, heads: model.keyValueHeads, weight: norm,
        epsilon: model.normEpsilon, into: keyValue)
    }
    kernels.rotate(
      buffers.query, rows: rows, heads: model.heads, headSize: model.headSize, by: buffers.angles)
    if let scale = model.rotary.queryScale {
      for row in 0..<rows where positions[row] >= scale.original {
        buffers.query.scaleRow(row, by: scale.factor(at: positions[row]))
      }
    }
    kernels.rotate(
      keyValue, from: first, rows: rows, heads: model.keyValueHeads, headSize: model.headSize,
      by: buffers.angles)
  }

  private func attend(_ index: Int) {
    let model = configuration
    let precision: AttentionPrecision = format == .f32 ? .full : .rounded
    if precision == .rounded { layout.quantizeContexts(layer: index, on: kernels) }
    let plan = layout.attention(
      layer: index, keyValue: activations.keyValue, keyWidth: model.keyWidth)
    kernels.attention(
      activations.query, heads: model.heads, keyValueHeads: model.keyValueHeads,
      headSize: model.headSize, plan, precision: precision, into: activations.attended)
  }
}
