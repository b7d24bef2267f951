import TestSupport
import Testing

@testable import Editing

struct ZipperTests {
  @Test func theFocusMoves() {
    var zipper = Zipper(0)
    for number in 1..<5 { zipper.append(number) }
    for index in [3, 1, 4, 0, 2] {
      zipper.move(to: index)
      #expect(zipper.focus == index && zipper.focusIndex == index)
      #expect(Array(zipper) == [0, 1, 2, 3, 4])
    }
    zipper[4] = 9
    #expect(Array(zipper) == [0, 1, 2, 3, 9] && zipper[0] == 0 && zipper[2] == 2)
  }

  @Test func removingLeavesAFocus() {
    var zipper = Zipper(0)
    for number in 1..<4 { zipper.append(number) }
    zipper.move(to: 2)
    #expect(zipper.remove(at: 0) == 0 && zipper.focus == 2)
    #expect(zipper.remove(at: 1) == 2 && zipper.focus == 3)
    #expect(zipper.remove(at: 1) == 3 && zipper.focus == 1)
    #expect(zipper.remove(at: 0) == nil && Array(zipper) == [1])
  }
}
