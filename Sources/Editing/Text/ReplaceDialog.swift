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
  /// What is drawn in the place of matches.
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
    /// The match that is asked about.
    var offered: Search.Substitution?
  }

  /// Matches in the window with what takes their places. `number` names them in layouts; 0 for none.
  struct Preview: Sendable {
    var number = 0
    var substitutions: [Search.Substitution] = []
  }
}
