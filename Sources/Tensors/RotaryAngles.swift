/// Cosines and sines of rotary position embeddings for the rows of one forward pass.
///
/// Set once a pass for the positions of its rows, then shared by all layers. Angles are computed as
/// in the Transformers library: fp32 products of position and inverse frequency.
public final class RotaryAngles {
  /// Columns of a head that turn: twice the number of frequencies.
  public let rotary: Int
  /// Rows set last.
  public private(set) var rows = 0
  private let frequencies: [Float]
  private let magnitude: Double
  let cosines: Matrix
  let sines: Matrix

  /// - Parameters:
  ///   - frequencies: Radians a position for each pair of columns, `rotary / 2` of them.
  ///   - capacity: The most rows of a pass.
  ///   - magnitude: Factor on cosines and sines, as YaRN scaling asks for.
  public init(frequencies: [Float], capacity: Int, magnitude: Double = 1) {
    self.frequencies = frequencies
    self.magnitude = magnitude
    rotary = frequencies.count * 2
    cosines = Matrix(rows: capacity, columns: frequencies.count)
    sines = Matrix(rows: capacity, columns: frequencies.count)
  }

  /// theta^(-2i / rotary) for i in 0..<rotary/2, the unscaled frequencies.
  public static func frequencies(theta: Double, rotary: Int) -> [Float] {
    (0..<rotary / 2).map { Float(Elementary.power(theta, -Double(2 * $0) / Double(rotary))) }
  }

  /// Computes the angles of rows 0, 1, ... at `positions`.
  public func set(positions: [Int]) {
    cosines.check(rows: 0..<positions.count)
    rows = positions.count
    for row in 0..<rows {
      for i in 0..<frequencies.count { set(row, i, position: positions[row]) }
    }
  }

  /// Computes the angles of the places of a grid, row by row: the first half of the frequencies turns
  /// by the place's row, the second half by its column.
  public func set(gridRows: Int, columns: Int) {
    cosines.check(rows: 0..<gridRows * columns)
    rows = gridRows * columns
    for row in 0..<rows {
      let (y, x) = row.quotientAndRemainder(dividingBy: columns)
      for i in 0..<frequencies.count {
        set(row, i, position: i < frequencies.count / 2 ? y : x)
      }
    }
  }

  private func set(_ row: Int, _ i: Int, position: Int) {
    let angle = Double(Float(position) * frequencies[i])
    let (sine, cosine) = Elementary.sineAndCosine(angle)
    cosines[row, i] = Float(cosine * magnitude)
    sines[row, i] = Float(sine * magnitude)
  }
}
