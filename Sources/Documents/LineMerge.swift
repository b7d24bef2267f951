/// The changes of two texts to a common one brought together, line by line, as diff3 does it.
public struct LineMerge: Sendable, Equatable {
  /// What turns the first text into one with the changes of both. Where both changed the same lines
  /// in different ways, the second's follow the first's.
  public let edits: [Edit]
  /// Places where that is so.
  public let conflicts: Int

  /// O(bytes), and in the parts that differ O(lines · log lines).
  public init(base: Text, ours: Text, theirs: Text) {
    let mine = LineDiff(from: base, to: ours).hunks
    let other = LineDiff(from: base, to: theirs).hunks
    var edits: [Edit] = []
    var conflicts = 0
    var (next, nextOther) = (0, 0)
    // Lines that the hunks so far have added on either side.
    var (growth, growthOther) = (0, 0)
    while nextOther < other.count {
      let first = other[nextOther].old
      guard next == mine.count || Self.touch(mine[next].old, first) || mine[next].old > first else {
        growth += mine[next].growth
        next += 1
        continue
      }
      // All hunks of both that touch one another.
      var lines = first
      let (start, startOther) = (growth, growthOther)
      let begun = next
      while true {
        if nextOther < other.count, Self.touch(other[nextOther].old, lines) {
          lines = lines.union(other[nextOther].old)
          growthOther += other[nextOther].growth
          nextOther += 1
        } else if next < mine.count, Self.touch(mine[next].old, lines) {
          lines = lines.union(mine[next].old)
          growth += mine[next].growth
          next += 1
        } else {
          break
        }
      }
      let place = ours.range(ofLines: lines.lowerBound + start..<lines.upperBound + growth)
      let new = theirs.bytes(
        in: theirs.range(
          ofLines: lines.lowerBound + startOther..<lines.upperBound + growthOther))
      if next == begun {
        edits.append(Edit(range: place, replacement: new))
      } else if ours.bytes(in: place) != new {
        conflicts += 1
        edits.append(Self.inserting(new, at: place.upperBound, of: ours))
      }
    }
    self.edits = edits
    self.conflicts = conflicts
  }

  /// Whether two ranges of lines overlap, or an empty one is at an end of the other.
  private static func touch(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
    if one.isEmpty || other.isEmpty {
      return one.lowerBound <= other.upperBound && other.lowerBound <= one.upperBound
    }
    return one.overlaps(other)
  }

  /// Lines after others, which get a line end if the text ends without one.
  private static func inserting(_ lines: [UInt8], at offset: Int, of text: Text) -> Edit {
    let feed = UInt8(ascii: "\n")
    let isOpen = offset > 0 && text[offset - 1] != feed
    return Edit(range: offset..<offset, replacement: isOpen ? [feed] + lines : lines)
  }
}

extension LineDiff.Hunk {
  fileprivate var growth: Int { new.count - old.count }
}

extension Range<Int> {
  fileprivate func union(_ other: Range<Int>) -> Range<Int> {
    Swift.min(lowerBound, other.lowerBound)..<Swift.max(upperBound, other.upperBound)
  }

  fileprivate static func > (left: Range<Int>, right: Range<Int>) -> Bool {
    left.lowerBound > right.lowerBound
  }
}
