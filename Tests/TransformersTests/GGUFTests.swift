import Checkpoints
import JSON
import ModelFixtures
import Tensors
import TestSupport
import Testing
import Transformers

/// Tiny Llamas in GGUF files: dequantised weights, q and k rows put back in order.
@Suite struct GGUFTests {
  @Test(arguments: ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"])
  func causalLogits(type: String) throws {
    let golden = try GoldenSet.open("gguf")
    let item = try golden.first(type)
    let file = try #require(item["file"]?.string)
    let model = try Transformer(
      Checkpoint.open("\(golden.path)/\(file)"), kernels: Kernels(threads: 2))
    let tokens = item["input_ids"]?.ints ?? []
    try model.run(ForwardPass(tokens, positions: Array(tokens.indices)))
    let logits = model.logits(rows: Array(tokens.indices)).values()
    #expect(largestDifference(logits, try golden.floats(item["logits"]?.string)) < 1e-4)
  }
}
