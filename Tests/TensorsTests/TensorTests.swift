import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct TensorTests {
  @Test func halfPrecisionValues() {
    let halves: [UInt16] = [0x3c00, 0xc000, 0x0001, 0x8000, 0x7bff, 0x7c00, 0x0400, 0x3555]
    let owner = Bytes(halves.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
    let tensor = unsafe Tensor(type: .f16, shape: [8], bytes: owner.pointer, owner: owner)
    let expected: [Float] = [
      1, -2, 0x1p-24, -0.0, 65504, .infinity, 0x1p-14, 0x1.554p-2,
    ]
    #expect(tensor.floats() == expected)
    #expect(tensor.floats()[3].sign == .minus)
  }

  @Test func everyHalfMatchesSwift() {
    let owner = Bytes((0..<65536).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
    let tensor = unsafe Tensor(type: .f16, shape: [65536], bytes: owner.pointer, owner: owner)
    let floats = tensor.floats()
    var wrong = 0
    for bits in 0..<65536 {
      let expected = Float(Float16(bitPattern: UInt16(bits)))
      if floats[bits].bitPattern != expected.bitPattern && !expected.isNaN { wrong += 1 }
      if expected.isNaN != floats[bits].isNaN { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test func rowsAndRanges() {
    let tensor = Tensor((0..<24).map(Float.init), shape: [2, 3, 4])
    #expect(tensor.rows == 6 && tensor.columns == 4 && tensor.byteCount == 96)
    #expect(tensor.row(5) == [20, 21, 22, 23])
    let part = tensor.rows(2..<4)
    #expect(part.shape == [2, 4] && part.floats() == (8..<16).map(Float.init))
    let matrix = Matrix(rows: 2, columns: 4)
    matrix.setRow(1, from: tensor, row: 3)
    #expect(matrix.values() == [0, 0, 0, 0, 12, 13, 14, 15])
    matrix.gather([1, 1], of: Matrix(part))
    #expect(matrix.values() == [12, 13, 14, 15, 12, 13, 14, 15])
  }

  @Test func byteCountsRefuseWhatDoesNotFit() {
    #expect(ElementType.q4_1.byteCount(of: 64) == 40)
    #expect(ElementType.q4_1.byteCount(of: 33) == nil)
    #expect(ElementType.f32.byteCount(of: Int.max) == nil)
    #expect(ElementType.q6_K.byteCount(of: 512) == 420)
  }

  /// Every block format of the golden file against values from the `gguf` Python package.
  @Test func goldenBlocks() throws {
    let folder = try #require(SharedFiles.path("golden/open/gguf"))
    let blocks = try GoldenBlocks(path: folder + "/blocks-k.gguf")
    let golden = try GoldenArrays(path: folder + "/golden.safetensors")
    #expect(blocks.tensors.count >= 8)
    for (name, tensor) in blocks.tensors {
      let label = name.split(separator: ".").last.map(String.init) ?? name
      let expected = try #require(golden.floats["blocks.t." + label], "\(name)")
      let actual = tensor.floats()
      #expect(actual.count == expected.count)
      let worst = zip(actual, expected).map { abs($0 - $1) }.max() ?? 0
      let size = expected.map { abs($0) }.max() ?? 0
      #expect(worst <= size * 2e-7, "\(name): \(worst) of \(size)")
    }
  }
}

/// Bytes with an owner, as a mapped file has.
@safe final class Bytes: Sendable {
  nonisolated(unsafe) let pointer: UnsafeRawBufferPointer

  init(_ bytes: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    unsafe copy.copyBytes(from: bytes)
    unsafe pointer = UnsafeRawBufferPointer(copy)
  }

  deinit { unsafe pointer.deallocate() }
}
