import Tensors
import Testing

/// What is not finite is found, in stored tensors and in rows of logits.
struct FiniteTests {
  /// Three rows of one block, or of 64 floats, of zeros; a row of `filled` bytes all ones, whose
  /// scales, or numbers, are NaN.
  private static func tensor(_ type: ElementType, filled row: Int?) -> Tensor {
    let columns = max(type.blockElements, 64)
    let rowBytes = columns / type.blockElements * type.blockBytes
    var bytes = [UInt8](repeating: 0, count: 3 * rowBytes)
    if let row {
      for index in row * rowBytes..<(row + 1) * rowBytes { bytes[index] = 0xFF }
    }
    let owner = Bytes(bytes)
    return unsafe Tensor(type: type, shape: [3, columns], bytes: owner.pointer, owner: owner)
  }

  @Test(arguments: ElementType.allCases)
  func rowsAreNamed(_ type: ElementType) {
    #expect(Self.tensor(type, filled: nil).firstRowNotFinite == nil)
    for row in 0..<3 { #expect(Self.tensor(type, filled: row).firstRowNotFinite == row) }
  }

  /// The decoded values say the same of every block of random bytes.
  @Test(arguments: ElementType.allCases)
  func agreesWithDecodedValues(_ type: ElementType) {
    let columns = max(type.blockElements, 32)
    let rowBytes = columns / type.blockElements * type.blockBytes
    for seed in UInt64(1)...300 {
      var random = SeededRandom(seed)
      var bytes = (0..<2 * rowBytes).map { _ in UInt8(random.int(0...255)) }
      // Exponents of all ones are rare in random bytes.
      if seed % 2 == 0 { bytes[random.int(0...bytes.count - 1)] = 0xFF }
      let owner = Bytes(bytes)
      let tensor = unsafe Tensor(
        type: type, shape: [2, columns], bytes: owner.pointer, owner: owner)
      let expected = (0..<2).first { tensor.row($0).contains { !$0.isFinite } }
      // A scale that is not finite counts even where all it multiplies are zeros.
      if let expected { #expect(tensor.firstRowNotFinite == expected, "seed \(seed)") }
      if tensor.firstRowNotFinite == nil { #expect(expected == nil, "seed \(seed)") }
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity], [0, 63, 1024, 1500])
  func rowsOfMatrices(_ value: Float, _ column: Int) {
    let matrix = Matrix(rows: 3, columns: 1501)
    #expect(matrix.firstRowNotFinite(below: 3) == nil)
    matrix[1, column] = value
    #expect(matrix.firstRowNotFinite(below: 3) == 1)
    #expect(matrix.firstRowNotFinite(below: 1) == nil)
  }

  @Test(arguments: everyKernels, [Float(0), 0.7])
  func summariesAreDefinedOrNot(_ kernels: Kernels, _ temperature: Float) {
    func isDefined(_ values: [Float], banned: [Int] = []) -> Bool {
      kernels.summarize(
        Matrix(rows: 1, columns: values.count, values), [LogitsRow(row: 0)], banned: banned,
        temperature: temperature)[0].isDefined
    }
    for count in [1, 7, 64, 300] {
      var values = (0..<count).map { Float($0 % 5) }
      #expect(isDefined(values))
      #expect(!isDefined(values, banned: Array(0..<count)))
      for place in [0, count / 2, count - 1] {
        values[place] = .nan
        #expect(!isDefined(values), "NaN at \(place) of \(count)")
        values[place] = .infinity
        #expect(!isDefined(values), "infinity at \(place) of \(count)")
        values[place] = 1
      }
      #expect(!isDefined([Float](repeating: .nan, count: count)))
    }
  }
}
