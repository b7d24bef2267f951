internal import Documents

/// Replacing as it is being asked for, from the pattern to the last match.
struct ReplaceDialog: Sendable {
  /// Selected lines, in which alone matches are replaced; nil for the document.
  var scope: Range<Int>?
  /// What was selected before.
  let origin: Selection
  /// nil while what was typed is wrong.
  var template: ReplacementTemplate?
  var walk: Walk?
  /// Replacements drawn in place of matches.
  var preview = Preview()

  /// Going from match to match.
  struct Walk: Sendable {
    /// Where it began: having gone past the end of the document, it ends there.
    var start: Int
    var hasWrapped = false
    /// A match was left as it is.
    var hasSkipped = false
    var replaced = 0
    /// `Document.revision` after the last replacement, which the next one joins in undo.
    var revision: Int?
    /// The match that the question is about.
    var offered: Search.Substitution?
  }

  /// Begins to go from match to match.
  mutating func beginWalk() {
    walk = Walk(start: scope?.lowerBound ?? origin.range.lowerBound)
  }

  /// Goes on to a match; false where it lies past the end of the walk.
  mutating func goOn(to match: Search.Found) -> Bool {
    guard var walk else { return false }
    if match.wrapped {
      if walk.hasWrapped || scope != nil { return false }
      walk.hasWrapped = true
    }
    if let scope, match.range.upperBound > scope.upperBound { return false }
    if walk.hasWrapped, match.range.lowerBound >= walk.start { return false }
    self.walk = walk
    return true
  }

  /// Notes that the match that was asked about is replaced, by which the document got `revision`.
  mutating func noteReplacement(_ offered: Search.Substitution, revision: Int) {
    let growth = offered.replacement.count - offered.range.count
    if let start = walk?.start, offered.range.lowerBound < start { walk?.start += growth }
    if let present = scope { scope = present.lowerBound..<present.upperBound + growth }
    walk?.replaced += 1
    walk?.revision = revision
  }

  /// What is left of a document of `count` bytes, from the match that is asked about on; all of it before
  /// any was answered.
  func rest(of count: Int) -> [Range<Int>] {
    guard let walk, let here = walk.offered?.range.lowerBound else { return [] }
    let scope = scope ?? 0..<count
    if walk.replaced == 0, !walk.hasSkipped { return [scope] }
    if walk.hasWrapped { return [here..<max(here, walk.start)] }
    if self.scope != nil { return [here..<scope.upperBound] }
    return [0..<min(walk.start, here), here..<count]
  }

  /// Matches in the window with what takes their places. `number` names them in layouts; 0 for none.
  struct Preview: Sendable {
    var number = 0
    var substitutions: [Search.Substitution] = []
  }
}
