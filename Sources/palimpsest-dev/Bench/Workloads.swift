internal import Decoding
internal import DecodingPolicies
internal import Inference
internal import Tensors
internal import Transformers

/// The measured pieces of work, on a model in memory. Tokens are arbitrary: time does not depend
/// on them.
struct Workloads {
  let model: AdapterModel
  let options: AdapterOptions
  let seconds: Double

  private var transformer: Transformer { model.transformer }

  private func tokens(_ range: Range<Int>) -> [Int] {
    range.map { (1000 + $0 * 37) % min(40_000, transformer.configuration.vocabularySize) }
  }

  /// One denoising step: all slots masked, the context cached, logits and confidences for all
  /// slots.
  func step(slots: Int, context: Int) throws -> BenchRow {
    let text = CachedPrompt(tokens(0..<context), model: transformer.configuration)
    var predictor = AdapterPredictor(model, prefix: text, suffix: [], options: options)
    let canvas = Canvas(masks: slots)
    let query = PredictionQuery(
      slots: canvas.maskedSlots, allowsDelete: true, allowsExpand: true)
    let samples = try Samples.measure(seconds: seconds) {
      try milliseconds { _ = try predictor.predict(canvas, query) }
    }
    // One row a slot, and one of the head for the base's own prediction.
    let products = Double(slots) * (body + head) + head
    return BenchRow(
      name: "step", slots: slots, context: context, samples: samples, products: products,
      bytes: body + head)
  }

  /// One step of several drafts of one passage, made together, which differ in their last token.
  func candidates(_ count: Int, slots: Int, context: Int) throws -> BenchRow {
    let text = CachedPrompt(tokens(0..<context), model: transformer.configuration)
    let questions = tokens(0..<count).map { token in
      let open = [Canvas.Slot](repeating: Canvas.Slot(.masked), count: slots)
      let canvas = Canvas(open + [Canvas.Slot(.token(token))])
      return BatchQuestion(
        predictor: AdapterPredictor(model, prefix: text, suffix: [], options: options),
        canvas: canvas,
        query: PredictionQuery(slots: canvas.maskedSlots, allowsDelete: true, allowsExpand: true))
    }
    let samples = try Samples.measure(seconds: seconds) {
      try milliseconds { _ = try AdapterPredictor.predict(questions) }
    }
    let rows = Double(count * slots)
    return BenchRow(
      name: "candidates", slots: count * slots, context: context, samples: samples,
      products: rows * (body + head) + Double(count) * head, bytes: body + head)
  }

  /// Candidates that continue one text, each by its own token: one pass, and a choice for each.
  func drafts(_ count: Int, context: Int) throws -> BenchRow {
    let configuration = transformer.configuration
    let prefix = try encoded(tokens(0..<context))
    let own = (0..<count).map { _ in KeyValueCache(configuration, capacity: 1) }
    let logits = Matrix(rows: count, columns: configuration.vocabularySize)
    let samples = try Samples.measure(seconds: seconds) {
      for cache in own { cache.truncate(to: 0) }
      return try milliseconds {
        try transformer.run(
          ForwardPass(
            tokens(context..<context + count), positions: Array(repeating: context, count: count),
            groups: own.map {
              ForwardPass.Group(1, context: [ForwardPass.Context(prefix)], target: $0)
            }))
        project(Array(0..<count), into: logits)
        _ = transformer.kernels.summarize(logits, (0..<count).map { .init(row: $0) })
      }
    }
    return BenchRow(
      name: "tries", slots: count, context: context, samples: samples,
      products: Double(count) * (body + head), bytes: body + head)
  }

  /// Reads several ends of one text: `passage` tokens, then `suffix` tokens whose likelihoods are
  /// asked for.
  func closings(_ count: Int, passage: Int, suffix: Int, context: Int) throws -> BenchRow {
    let configuration = transformer.configuration
    let prefix = try encoded(tokens(0..<context))
    let size = passage + suffix
    let logits = Matrix(rows: suffix, columns: configuration.vocabularySize)
    let wanted = (0..<count).map { group in
      (passage - 1..<size - 1).map { group * size + $0 }
    }
    let pass = ForwardPass(
      (0..<count).flatMap { tokens(context + $0..<context + $0 + size) },
      positions: (0..<count).flatMap { _ in context..<context + size },
      groups: (0..<count).map { _ in
        ForwardPass.Group(size, context: [ForwardPass.Context(prefix)])
      }, outputRows: wanted.flatMap(\.self))
    let samples = try Samples.measure(seconds: seconds) {
      try milliseconds {
        try transformer.run(pass)
        for rows in wanted {
          project(rows, into: logits)
          _ = transformer.kernels.summarize(
            logits, rows.indices.map { .init(row: $0) }, candidates: 0)
        }
      }
    }
    return BenchRow(
      name: "closings", slots: count, context: context, samples: samples,
      products: Double(count) * (Double(size) * body + Double(suffix) * head), bytes: body + head,
      tokens: count * size)
  }

  /// Causal encoding; the last token's logits.
  func context(_ count: Int) throws -> BenchRow {
    let text = tokens(0..<count)
    let logits = Matrix(rows: 1, columns: transformer.configuration.vocabularySize)
    let samples = try Samples.measure(seconds: seconds) {
      let encoded = CachedPrompt(text, model: transformer.configuration)
      return try milliseconds {
        try encoded.encode(on: transformer) { _ in }
        last(into: logits, row: (count - 1) % 128)
      }
    }
    return BenchRow(
      name: "context", context: count, samples: samples, products: Double(count) * body + head,
      bytes: body + head, tokens: count)
  }

  /// Greedy decoding of `count` tokens by the base.
  func continuation(name: String, count: Int, context: Int, encodes: Bool) throws -> BenchRow {
    let text = tokens(0..<context)
    let logits = Matrix(rows: 1, columns: transformer.configuration.vocabularySize)
    let samples = try Samples.measure(seconds: seconds) {
      let cache = KeyValueCache(transformer.configuration, capacity: context + count)
      if !encodes { try encode(text, into: cache) }
      return try milliseconds {
        if encodes { try encode(text, into: cache) }
        var token = text[context - 1]
        for index in context - 1..<context + count - 1 {
          try transformer.run(
            ForwardPass(
              [token], positions: [index], context: [ForwardPass.Context(cache)], target: cache))
          last(into: logits, row: 0)
          token = transformer.kernels.summarize(logits, [.init(row: 0)], candidates: 0)[0].token
        }
      }
    }
    return BenchRow(
      name: name, slots: count, context: context, samples: samples,
      products: Double(count + (encodes ? context : 0)) * body + Double(count) * head,
      bytes: Double(count) * (body + head), tokens: count)
  }

  /// A whole passage: the context encoded, within the time or before it, then steps to the last
  /// mask.
  func infill(
    name: String, slots: Int, steps: Int, prefix: Int, suffix: Int, readsAhead: Bool
  ) throws -> BenchRow {
    let before = tokens(0..<prefix)
    let after = tokens(prefix + slots..<prefix + slots + suffix)
    let samples = try Samples.measure(seconds: seconds) {
      let text = CachedPrompt(before, model: transformer.configuration)
      let predictor = AdapterPredictor(model, prefix: text, suffix: after, options: options)
      while readsAhead, try predictor.encodeNextContext() {}
      return try milliseconds {
        var denoiser = Denoiser(
          predictor, canvas: Canvas(masks: slots),
          policy: DenoisingPolicy(unmasking: .steps(steps, .linear), lengthMayChange: false))
        while try denoiser.next() != nil {}
      }
    }
    return BenchRow(
      name: name, slots: slots, context: prefix + suffix, samples: samples, tokens: slots)
  }

  /// Time by stage of `runs` steps, in milliseconds a step, the longest first.
  func profile(slots: Int, context: Int, runs: Int) throws -> [(stage: String, time: Double)] {
    let text = CachedPrompt(tokens(0..<context), model: transformer.configuration)
    var predictor = AdapterPredictor(model, prefix: text, suffix: [], options: options)
    let canvas = Canvas(masks: slots)
    let query = PredictionQuery(
      slots: canvas.maskedSlots, allowsDelete: true, allowsExpand: true)
    _ = try predictor.predict(canvas, query)
    let times = StageTimes()
    transformer.stageTimes = times
    defer { transformer.stageTimes = nil }
    let whole = try milliseconds {
      for _ in 0..<runs { _ = try predictor.predict(canvas, query) }
    }
    var parts = StageTimes.Stage.allCases.compactMap { stage in
      times.durations[stage].map { (stage.rawValue, $0 / .milliseconds(1) / Double(runs)) }
    }
    let rest = whole / Double(runs) - parts.reduce(0) { $0 + $1.1 }
    parts.append(("the rest", rest))
    return parts.sorted { $0.1 > $1.1 }.map { (stage: $0.0, time: $0.1) }
  }

  private func encode(_ tokens: [Int], into cache: KeyValueCache) throws {
    let tokens = Array(tokens.dropLast())
    for first in stride(from: 0, to: tokens.count, by: 128) {
      let rows = first..<min(first + 128, tokens.count)
      try transformer.run(
        ForwardPass(
          Array(tokens[rows]), positions: Array(rows), context: [ForwardPass.Context(cache)],
          target: cache, outputRows: []))
    }
  }

  /// The keys and values of a text.
  private func encoded(_ tokens: [Int]) throws -> KeyValueCache {
    let cache = KeyValueCache(transformer.configuration, capacity: tokens.count)
    try encode(tokens + [0], into: cache)
    return cache
  }

  private func last(into logits: Matrix, row: Int) { project([row], into: logits) }

  private func project(_ rows: [Int], into logits: Matrix) {
    let states = Matrix(rows: rows.count, columns: transformer.configuration.width)
    transformer.states(rows: rows, into: states)
    transformer.project(states: states, rows: rows.count, into: logits)
  }

  /// Weights that a token meets in the layers, and in the head.
  private var body: Double {
    let model = transformer.configuration
    return Double(model.parameters) - head * (model.tiesEmbedding ? 1 : 2)
  }
  private var head: Double {
    Double(transformer.configuration.vocabularySize * transformer.configuration.width)
  }
}
