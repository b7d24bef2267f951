/// Drafts from the text itself: what followed its last tokens where they occurred before (prompt
/// lookup decoding, Saxena 2023). They cost no pass of a model.
///
/// The longer the run of tokens that recurs, the longer it continues to: of a run of n tokens
/// n − 1 drafts are taken. So a text that does not repeat itself is not drafted at all.
public struct PromptLookup: Sendable, Equatable {
  /// The longest run that is looked for.
  public var longestRun: Int

  public init(longestRun: Int = 8) {
    precondition(longestRun >= 2, "runs of \(longestRun) tokens")
    self.longestRun = longestRun
  }

  /// At most `limit` drafts for the tokens after `text`: those after the last of the places where
  /// most of its last tokens occur. Near the end, drafts follow drafts.
  /// O(tokens · longestRun).
  public func drafts(after text: [Int], limit: Int) -> [Int] {
    var run = 1
    var place = text.count
    for end in stride(from: text.count - 1, to: 0, by: -1) {
      var length = 0
      while length < min(end, longestRun), text[end - 1 - length] == text[text.count - 1 - length] {
        length += 1
      }
      if length > run { (run, place) = (length, end) }
    }
    var drafts: [Int] = []
    while drafts.count < min(limit, run - 1) {
      let next = place + drafts.count
      drafts.append(next < text.count ? text[next] : drafts[next - text.count])
    }
    return drafts
  }
}
