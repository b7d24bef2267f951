import Documents
import Foundation
import Inference
import SyntheticModels
import Testing
import Tokenizers

@testable import Evaluation

/// The whole way with a made-up model: numbers mean nothing, but they must be consistent.
final class TinyModelTests {
  let folder: String
  let model: ModelParts

  init() throws {
    folder = NSTemporaryDirectory() + "evaluation-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try TinyModel.write(to: folder)
    model = try ModelParts(ModelSource(model: folder, threads: 1))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static let text = Text(
    """
    The old light of the river was quiet. In the evening the bell of the harbour woke the house! \
    Was the letter in the garden, under the stone? A voice over the field: snow in the morning.

    The boat went to the road and the wind. The lamp was a light of the window, and bread \
    was in the house. Summer is over the river.
    """)

  @Test func sentencesAreDrawnBySeed() {
    let sampler = WindowSampler(prefix: 30, suffix: 20, lengths: 3...200, seed: 1)
    let windows = sampler.windows(from: [Self.text], tokenizer: model.tokenizer, count: 4)
    #expect(windows.count == 4)
    #expect(
      windows == sampler.windows(from: [Self.text], tokenizer: model.tokenizer, count: 4))
    let all = sampler.windows(from: [Self.text, Self.text], tokenizer: model.tokenizer, count: 99)
    // Seven sentences, the first and the last of a document have nothing before or after them.
    #expect(all.count == 10)
    var other = sampler
    other.seed = 2
    #expect(other.windows(from: [Self.text], tokenizer: model.tokenizer, count: 4) != windows)
    for window in all {
      #expect(window.prefix.count <= 30 && window.suffix.count <= 20)
      let text = [window.prefix, window.middle, window.suffix].map { model.tokenizer.decode($0) }
      #expect(Self.text.string(in: 0..<Self.text.count).contains(text.joined()))
      #expect(text[1].hasPrefix(" ") || text[1].hasPrefix("The boat"))
    }
  }

  @Test func reportIsConsistent() throws {
    let windows = WindowSampler(prefix: 30, suffix: 20, lengths: 3...200).windows(
      from: [Self.text], tokenizer: model.tokenizer, count: 3)
    let table = TableWindow(
      table: "first", document: windows[0].prefix + windows[0].middle,
      passages: [TableWindow.Passage(start: windows[0].prefix.count, length: 3, open: [0, 1, 2])])
    var tick = 0.0
    var evaluator = Evaluator(model, curve: Array(FillPolicy.curve.prefix(2))) {
      tick += 1
      return tick
    }
    evaluator.examples = 1
    var progress: [Int] = []
    let report = try evaluator.report(windows: windows, tables: [table]) { done, total in
      progress.append(done)
      #expect(total == 4)
    }
    #expect(progress == [0, 1, 2, 3])
    #expect(report.windows == 3)
    #expect(report.table.map(\.name) == ["base", "frontier", "+1", "+2"])
    #expect(report.middle.map(\.name) == ["base", "1.0", "0.5", "0.15"])
    #expect(
      report.exact.map(\.name)
        == ["original", "continuation"] + FillPolicy.usual.map(\.name))
    #expect(report.free.map(\.name) == FillPolicy.usual.map(\.name))
    #expect(report.curve.count == 2)
    let original = report.exact[0].mean
    #expect(original.equal == 1 && original.rougeL == 1 && original.lengthError == 0)
    for row in report.exact {
      #expect(row.mean.lengthError == 0 && row.mean.tokens == original.tokens, "\(row.name)")
      #expect(row.mean.fill.isFinite && row.mean.fill > 0, "\(row.name)")
    }
    // One slot a step where no probability reaches the threshold.
    let one = try #require(report.exact.first { $0.name == "threshold 2 ar 0.3" })
    #expect(one.mean.steps == original.tokens)
    // The continuation is what the base finds likely.
    #expect(report.exact[1].mean.fill < original.fill)
    #expect(report.examples.count == 2 * FillPolicy.usual.count)
    #expect(report.examples[0].original == model.tokenizer.decode(windows[0].middle))
    let again = try evaluator.report(windows: windows, tables: [table])
    #expect(again.middle == report.middle && again.table == report.table)
  }

  /// A prefix that is kept, shortened, replaced or missing gives the numbers of a fresh scorer.
  @Test func scorerForgetsNothingAndKeepsNothingWrong() throws {
    let scorer = Scorer(model.adapterModel)
    let ids = model.tokenizer.encode(Self.text.string(in: 0..<200))
    let prefixes = [
      Array(ids[..<20]), Array(ids[..<40]), Array(ids[..<10]), [], Array(ids[5..<25]),
    ]
    for prefix in prefixes {
      try scorer.setPrefix(prefix)
      let fresh = Scorer(model.adapterModel)
      try fresh.setPrefix(prefix)
      let tokens = Array(ids[40..<48])
      let (a, b) = (try scorer.baseLosses(tokens), try fresh.baseLosses(tokens))
      #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 }, "\(prefix.count)")
      let continuation = try scorer.continuation(5)
      #expect(try scorer.continuation(5) == continuation)
      #expect(try fresh.continuation(5) == continuation)
      #expect(try zip(scorer.baseLosses(tokens), b).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }
}
