import Tensors
import Testing

@Suite struct PackedWeightsTests {
  static let key = String(repeating: "k", count: 64)

  /// A model of four matrices and the file written of it.
  struct Model {
    let kernels: Kernels
    let tensors: [(tensor: Tensor, format: LinearWeights.Format)]

    init(_ level: KernelLevel) throws {
      var random = SeededRandom(5)
      kernels = try Kernels(level: level, threads: 2)
      let shapes = [(20, 70), (16, 64), (1, 3), (33, 130)]
      let formats: [LinearWeights.Format] = [.int8, .f32, .int4, .bf16]
      tensors = zip(shapes, formats).map { shape, format in
        (Tensor(random.floats(shape.0 * shape.1), shape: [shape.0, shape.1]), format)
      }
    }

    /// Products with all matrices, taken from `packed` where it has them; how many were packed.
    func products(_ packed: PackedWeights) -> (results: [[Float]], made: Int) {
      var made = 0
      let results = tensors.map { tensor, format in
        let weights = packed.next(rows: tensor.rows, columns: tensor.columns) {
          made += 1
          return LinearWeights(tensor, format: format, kernels: kernels)
        }
        var random = SeededRandom(9)
        let x = random.matrix(3, tensor.columns)
        let y = Matrix(rows: 3, columns: tensor.rows)
        kernels.linear(x, rows: 3, weights, into: y)
        return y.values()
      }
      return (results, made)
    }

    func file() -> [UInt8] {
      let packed = PackedWeights(key: PackedWeightsTests.key, level: kernels.level)
      _ = products(packed)
      var bytes: [UInt8] = []
      unsafe packed.contents.write { unsafe bytes.append(contentsOf: $0) }
      return bytes
    }
  }

  static func open(_ file: [UInt8], key: String = key, _ level: KernelLevel) -> PackedWeights {
    let owner = Bytes(file)
    return unsafe PackedWeights(
      key: key, level: level, bytes: owner.pointer, owner: owner)
  }

  @Test(arguments: KernelLevel.available)
  func aFileGivesTheSameProducts(_ level: KernelLevel) throws {
    let model = try Model(level)
    let (expected, made) = model.products(PackedWeights(key: Self.key, level: level))
    #expect(made == 4)
    let packed = Self.open(model.file(), level)
    let (results, again) = model.products(packed)
    #expect(results == expected)
    #expect(again == 0 && packed.isFromFile)
  }

  @Test func anotherKeyOrShapePacksAnew() throws {
    let model = try Model(.portable)
    let file = model.file()
    let other = Self.open(file, key: String(repeating: "j", count: 64), .portable)
    #expect(model.products(other).made == 4 && !other.isFromFile)
    let packed = Self.open(file, .portable)
    let wrong = packed.next(rows: 21, columns: 70) {
      LinearWeights(
        Tensor([Float](repeating: 1, count: 21 * 70), shape: [21, 70]), kernels: model.kernels)
    }
    #expect(wrong.rows == 21 && !packed.isFromFile)
  }

  @Test func damagedFilesNeverTrap() throws {
    let model = try Model(.portable)
    let file = model.file()
    let expected = model.products(PackedWeights(key: Self.key, level: .portable)).results
    for length in Array(0..<300) + [file.count / 2, file.count - 1] {
      let (results, made) = model.products(Self.open(Array(file[..<length]), .portable))
      #expect(results == expected && made == 4, "\(length) bytes")
    }
    for seed in UInt64(0)..<400 {
      var random = SeededRandom(seed)
      var damaged = file
      for _ in 0..<random.int(1...4) {
        damaged[random.int(0...215)] = UInt8(random.int(0...255))
      }
      // Places and formats may be wrong and still lie in the file: then values are, too.
      let (results, _) = model.products(Self.open(damaged, .portable))
      #expect(results.map(\.count) == expected.map(\.count), "seed \(seed)")
    }
  }
}
