import Pictures
import TestSupport
import Testing

/// What the reference data does not show of grids and pixels.
@Suite struct PixelsTests {
  @Test func aGridIsNoLargerThanItsCap() {
    let seed = Property.seed
    var random = RandomSource(seed: seed)
    for _ in 0..<1000 {
      let size = PictureSize(width: 1 + random.below(9000), height: 1 + random.below(9000))
      let edge = 28 + random.below(1373)
      let grid = PictureGrid(size, longestEdge: edge, cell: 28)
      #expect(
        max(grid.rows, grid.columns) <= (edge + 27) / 28, "seed \(seed): \(size) below \(edge)")
      #expect(grid.rows >= 1 && grid.columns >= 1, "seed \(seed): \(size) below \(edge)")
      #expect(grid.tokens == 1 + grid.cells + grid.rows)
    }
  }

  @Test func aPictureOfWholeCellsIsNotResized() {
    let size = PictureSize(width: 4, height: 4)
    let picture = Picture(size, rgb: (0..<48).map { UInt8($0 * 5) })
    let pixels = PicturePixels(picture, grid: PictureGrid(rows: 2, columns: 2), cell: 2) {}
    let expected = (0..<16).map { (Float($0 * 15) / 255 - 0.481_454_66) / 0.268_629_54 }
    #expect(pixels.width == 4 && pixels.height == 4)
    #expect(zip(pixels.values, expected).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  /// One colour stays one colour, however it is resized.
  @Test func aPlainPictureStaysPlain() {
    let size = PictureSize(width: 7, height: 3)
    let picture = Picture(size, rgb: [UInt8](repeating: 255, count: 63))
    for grid in [PictureGrid(rows: 1, columns: 1), PictureGrid(rows: 3, columns: 9)] {
      let pixels = PicturePixels(picture, grid: grid, cell: 4) {}
      let count = pixels.width * pixels.height
      for (channel, white) in [1.930_336, 2.074_883, 2.145_896].enumerated() {
        let values = pixels.values[channel * count..<(channel + 1) * count]
        #expect(values.allSatisfy { abs($0 - Float(white)) < 1e-4 })
      }
    }
  }

  @Test func whatTheCheckpointThrowsEndsTheWork() {
    struct Enough: Error {}
    let picture = Picture(PictureSize(width: 1, height: 1), rgb: [1, 2, 3])
    #expect(throws: Enough.self) {
      try PicturePixels(picture, grid: PictureGrid(rows: 1, columns: 1), cell: 28) {
        throw Enough()
      }
    }
  }
}
