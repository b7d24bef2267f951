/// The differences between the lines of two texts. Lines are equal if their bytes are, line ends
/// included.
public struct LineDiff: Sendable, Equatable {
  /// Lines of the old text and the lines of the new text that replace them; one of the two may be
  /// empty.
  public struct Hunk: Sendable, Equatable {
    public var old: Range<Int>
    public var new: Range<Int>
  }

  /// In order. Lines between two changes are equal.
  public let hunks: [Hunk]

  /// Lines beyond which a stretch without a line that is unique on both sides is one change.
  private static let mostCompared = 2000

  /// Bytes from the first difference to the last beyond which all between is one change.
  static let largestMatched = 32 << 20

  /// O(bytes), and in the part that differs O(lines · log lines).
  public init(from old: Text, to new: Text) {
    self.init(from: old, to: new, largestMatched: LineDiff.largestMatched)
  }

  /// `largestMatched` is for tests.
  package init(from old: Text, to new: Text, largestMatched: Int) {
    let ends = old.commonEnds(with: new)
    guard ends.head < old.count || ends.head < new.count else {
      hunks = []
      return
    }
    // Whole lines: equal bytes on both sides may end within a line.
    let first = old.line(at: ends.head)
    let start = old.offset(ofLine: first)
    guard max(old.count, new.count) - ends.tail - start <= largestMatched else {
      hunks = [
        Hunk(
          old: first..<old.lines(upTo: max(start, old.count - ends.tail)),
          new: first..<new.lines(upTo: max(start, new.count - ends.tail)))
      ]
      return
    }
    let oldLines = Self.lines(of: old, from: start, upTo: old.count - ends.tail)
    let newLines = Self.lines(of: new, from: start, upTo: new.count - ends.tail)
    var matcher = Matcher(old: oldLines, new: newLines, first: first)
    matcher.match(0..<oldLines.count, 0..<newLines.count)
    hunks = matcher.hunks
  }

  /// Lines from `start`, where one begins, to the end of the line with `end`.
  private static func lines(of text: Text, from start: Int, upTo end: Int) -> [ArraySlice<UInt8>] {
    let last = text.line(at: max(start, end))
    let bytes = text.bytes(in: start..<text.fullLineRange(last).upperBound)
    var lines: [ArraySlice<UInt8>] = []
    var line = bytes.startIndex
    while let feed = bytes[line...].firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(bytes[line...feed])
      line = feed + 1
    }
    if line < bytes.endIndex { lines.append(bytes[line...]) }
    return lines
  }

  /// The edits that turn `old` into `new`, the texts this was made from.
  public func edits(from old: Text, to new: Text) -> [Edit] {
    hunks.map { hunk in
      Edit(
        range: old.range(ofLines: hunk.old),
        replacement: new.bytes(in: new.range(ofLines: hunk.new)))
    }
  }

  /// Anchors at lines that each text has once, as patience sorting finds them, and between these
  /// the shortest script of a few lines.
  private struct Matcher {
    let old: [ArraySlice<UInt8>]
    let new: [ArraySlice<UInt8>]
    /// Number of the first line.
    let first: Int
    var hunks: [Hunk] = []

    init(old: [ArraySlice<UInt8>], new: [ArraySlice<UInt8>], first: Int) {
      self.old = old
      self.new = new
      self.first = first
    }

    mutating func match(_ one: Range<Int>, _ other: Range<Int>) {
      var (one, other) = (one, other)
      while let left = one.first, let right = other.first, old[left] == new[right] {
        one = one.dropFirst()
        other = other.dropFirst()
      }
      while let left = one.last, let right = other.last, old[left] == new[right] {
        one = one.dropLast()
        other = other.dropLast()
      }
      guard !one.isEmpty, !other.isEmpty else { return add(one, other) }
      let anchors = anchors(one, other)
      guard anchors.isEmpty else {
        for (left, right) in anchors {
          match(one.lowerBound..<left, other.lowerBound..<right)
          (one, other) = (left + 1..<one.upperBound, right + 1..<other.upperBound)
        }
        return match(one, other)
      }
      one.count + other.count <= LineDiff.mostCompared ? compare(one, other) : add(one, other)
    }

    private mutating func add(_ one: Range<Int>, _ other: Range<Int>) {
      guard !one.isEmpty || !other.isEmpty else { return }
      let hunk = Hunk(
        old: one.lowerBound + first..<one.upperBound + first,
        new: other.lowerBound + first..<other.upperBound + first)
      if let last = hunks.last, last.old.upperBound == hunk.old.lowerBound,
        last.new.upperBound == hunk.new.lowerBound
      {
        hunks[hunks.count - 1] = Hunk(
          old: last.old.lowerBound..<hunk.old.upperBound,
          new: last.new.lowerBound..<hunk.new.upperBound)
      } else {
        hunks.append(hunk)
      }
    }

    /// Pairs of equal lines that both sides have once, ascending on both: as many as there can be.
    private func anchors(_ one: Range<Int>, _ other: Range<Int>) -> [(Int, Int)] {
      let right = Self.places(new, other)
      let pairs = Self.places(old, one).compactMap { line, place -> (Int, Int)? in
        guard let place, let match = right[line] ?? nil else { return nil }
        return (place, match)
      }
      .sorted { $0.0 < $1.0 }
      // The longest ascending run of the second numbers: the last pair of each length, and links
      // back from there.
      var ends: [Int] = []
      var before = [Int?](repeating: nil, count: pairs.count)
      for (index, pair) in pairs.enumerated() {
        var (low, high) = (0, ends.count)
        while low < high {
          let middle = (low + high) / 2
          if pairs[ends[middle]].1 < pair.1 { low = middle + 1 } else { high = middle }
        }
        if low > 0 { before[index] = ends[low - 1] }
        if low == ends.count { ends.append(index) } else { ends[low] = index }
      }
      guard let last = ends.last else { return [] }
      return sequence(first: last) { before[$0] }.map { pairs[$0] }.reversed()
    }

    /// The place of each line; nil for a line that occurs more than once.
    private static func places(
      _ lines: [ArraySlice<UInt8>], _ range: Range<Int>
    ) -> [ArraySlice<UInt8>: Int?] {
      var places: [ArraySlice<UInt8>: Int?] = [:]
      for index in range {
        places.updateValue(places[lines[index]] == nil ? index : nil, forKey: lines[index])
      }
      return places
    }

    private mutating func compare(_ one: Range<Int>, _ other: Range<Int>) {
      let changes = new[other].difference(from: old[one])
      var (removed, added) = (Set<Int>(), Set<Int>())
      for change in changes {
        switch change {
        case .remove(let offset, _, _): removed.insert(one.lowerBound + offset)
        case .insert(let offset, _, _): added.insert(other.lowerBound + offset)
        }
      }
      var (left, right) = (one.lowerBound, other.lowerBound)
      while left < one.upperBound || right < other.upperBound {
        let start = (left, right)
        while removed.contains(left) { left += 1 }
        while added.contains(right) { right += 1 }
        add(start.0..<left, start.1..<right)
        if left < one.upperBound { left += 1 }
        if right < other.upperBound { right += 1 }
      }
    }
  }
}

extension Text {
  /// The number of lines up to the one with `offset`, which counts unless it is the empty one at
  /// the end of the text. O(log n).
  fileprivate func lines(upTo offset: Int) -> Int {
    let line = line(at: offset)
    return fullLineRange(line).isEmpty ? line : line + 1
  }

  /// Bytes of some lines with their line ends. O(log n).
  func range(ofLines lines: Range<Int>) -> Range<Int> {
    func start(_ line: Int) -> Int { line < lineCount ? offset(ofLine: line) : count }
    return start(lines.lowerBound)..<start(lines.upperBound)
  }

  /// Length of the common prefix of a part of this text and a part of another, in bytes. O(parts).
  public func commonPrefix(of range: Range<Int>, with part: Range<Int>, of other: Text) -> Int {
    let shorter = min(range.count, part.count)
    let step = 1 << 16
    var head = 0
    while head < shorter {
      let size = min(step, shorter - head)
      let one = bytes(in: range.lowerBound + head..<range.lowerBound + head + size)
      let two = other.bytes(in: part.lowerBound + head..<part.lowerBound + head + size)
      let same = one == two ? size : zip(one, two).prefix { $0 == $1 }.count
      head += same
      if same < size { break }
    }
    return head
  }

  /// Lengths of the common prefix and of the common suffix after it, in bytes. O(n).
  func commonEnds(with other: Text) -> (head: Int, tail: Int) {
    let shorter = min(count, other.count)
    let step = 1 << 16
    let head = commonPrefix(of: 0..<count, with: 0..<other.count, of: other)
    var tail = 0
    let most = shorter - head
    while tail < most {
      let size = min(step, most - tail)
      let one = bytes(in: count - tail - size..<count - tail)
      let two = other.bytes(in: other.count - tail - size..<other.count - tail)
      let same =
        one == two ? size : zip(one.reversed(), two.reversed()).prefix { $0 == $1 }.count
      tail += same
      if same < size { break }
    }
    return (head, tail)
  }
}
