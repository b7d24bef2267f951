public import Tensors

/// The rows of a picture for a text model, and the ids by which a prompt has them.
public final class PictureFeatures {
  /// One for each cell, beyond the vocabulary, never given again: prompts with the same picture have
  /// the same ids, and prompts with different ones differ.
  public let ids: Range<Int>
  /// `[cells, width]`.
  let rows: Matrix

  fileprivate init(ids: Range<Int>, rows: Matrix) {
    self.ids = ids
    self.rows = rows
  }
}

/// The features that a transformer finds by ids beyond its vocabulary. It does not keep them: they
/// must live as long as passes have their ids. Confined to the engine of its transformer.
public final class PictureRows {
  private var next: Int
  private var features: [Weak] = []

  private struct Weak {
    let ids: Range<Int>
    weak var value: PictureFeatures?
  }

  /// - Parameter vocabularySize: the first id given.
  init(vocabularySize: Int) { next = vocabularySize }

  /// Gives ids to the rows of a picture, `[cells, width]`.
  public func add(_ rows: Matrix) -> PictureFeatures {
    let added = PictureFeatures(ids: next..<next + rows.rows, rows: rows)
    next += rows.rows
    features.removeAll { $0.value == nil }
    features.append(Weak(ids: added.ids, value: added))
    return added
  }

  /// Whether `id` is one of a picture at hand. O(pictures).
  public func contains(_ id: Int) -> Bool { place(of: id) != nil }

  /// Copies the row of `id` to row `row` of `target`. Traps for an id whose picture is gone.
  func copy(_ id: Int, to row: Int, of target: Matrix) {
    guard let (features, index) = place(of: id) else {
      preconditionFailure("token \(id) is neither in the vocabulary nor of a picture")
    }
    target.copyRows(index..<index + 1, of: features.rows, to: row)
  }

  private func place(of id: Int) -> (PictureFeatures, Int)? {
    for entry in features where entry.ids.contains(id) {
      return entry.value.map { ($0, id - entry.ids.lowerBound) }
    }
    return nil
  }
}
