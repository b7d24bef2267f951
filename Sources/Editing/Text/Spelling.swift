/// How near two words are in letters.
enum Spelling {
  /// Whether one becomes the other by one typo, or in words of six letters and more by two: a
  /// letter left out, put in, changed, or changed over with its neighbour. Not for equal words.
  static func isSlip(_ word: String, of other: String) -> Bool {
    let a = Array(word.lowercased())
    let b = Array(other.lowercased())
    let allowed = max(a.count, b.count) >= 6 ? 2 : 1
    guard a != b, min(a.count, b.count) >= 3, abs(a.count - b.count) <= allowed else {
      return false
    }
    return distance(a, b) <= allowed
  }

  /// Optimal string alignment distance. O(a · b).
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for row in 1...a.count {
      var next = [row]
      for column in 1...b.count {
        let isSame = a[row - 1] == b[column - 1]
        var least = min(
          last[column] + 1, next[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1))
        if row > 1, column > 1, a[row - 1] == b[column - 2], a[row - 2] == b[column - 1] {
          least = min(least, before[column - 2] + 1)
        }
        next.append(least)
      }
      before = last
      last = next
    }
    return last[b.count]
  }
}
