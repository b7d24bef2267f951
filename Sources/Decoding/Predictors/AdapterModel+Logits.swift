public import Tensors
internal import Transformers

extension AdapterModel {
  /// Logits `[rows.count, vocabulary]` of the given rows of the last pass, which ran with the
  /// adapter: DELETE and EXPAND by their trained rows, nothing banned. In buffers of their own.
  public func adaptedLogits(rows: [Int]) -> Matrix {
    let head = LogitsHead(transformer)
    head.project(rows, adapter: adapter)
    return head.logits
  }
}
