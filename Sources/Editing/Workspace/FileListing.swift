internal import Strings

/// Files that can be opened, as far as they have been found.
public struct FileListing: Sendable, Equatable {
  /// What is found next.
  public struct Part: Sendable, Equatable {
    public var paths: [String]
    /// They were open lately.
    public var areRecent: Bool
    public var end: End?

    /// `end` is nil when more follows.
    public init(_ paths: [String], areRecent: Bool = false, end: End? = nil) {
      self.paths = paths
      self.areRecent = areRecent
      self.end = end
    }
  }

  public enum End: Sendable, Equatable {
    case complete
    /// There are more files than are listed.
    case tooMany
  }

  /// Those that were open lately, the latest first, then the others; relative to the working folder
  /// if they are in it.
  public private(set) var paths: [String] = []
  private(set) var recent: Set<String> = []
  private var end: End?

  init() {}

  var isComplete: Bool { end != nil }

  mutating func add(_ part: Part) {
    if part.areRecent { recent.formUnion(part.paths) }
    paths += part.areRecent ? part.paths : part.paths.filter { !recent.contains($0) }
    end = part.end
  }

  /// How many there are.
  var note: String {
    switch end {
    case nil: "reading… \(paths.count.counted("file"))"
    case .complete: paths.count.counted("file")
    case .tooMany: "the first \(paths.count.counted("file"))"
    }
  }

  /// Indices of paths that match, the best first; all of them, in order, for the empty pattern.
  /// O(bytes of all paths).
  func matches(_ filter: String, atMost limit: Int) -> [Int] {
    guard filter.contains(where: { $0 != " " }) else { return Array(paths.indices.prefix(limit)) }
    let pattern = FuzzyPattern(filter)
    let scored = paths.indices.compactMap { index in
      pattern.score(paths[index]).map { (index: index, score: $0) }
    }
    let best = scored.sorted {
      ($1.score, paths[$0.index].utf8.count, $0.index)
        < ($0.score, paths[$1.index].utf8.count, $1.index)
    }
    return best.prefix(limit).map(\.index)
  }
}
