extension Command {
  static let passages: [Command] = [
    Command("rewrite", "Rewrite the selection, or this sentence", in: [.text, .review]) {
      $0.rewrite()
    },
    Command("background", "Back to the text; the passage stays pending", in: [.text, .review]) {
      $0.goToText()
    },
    Command("next-passage", "Next pending passage", in: [.text, .review]) {
      $0.goToNextPassage()
    },
  ]

  /// A command about the passage that has the keys.
  static func reviewing(
    _ name: String, _ title: String,
    _ perform: @escaping @Sendable (inout Editor, Int) -> Void
  ) -> Command {
    Command(name, title, in: [.review]) { $0.reviewing(perform) }
  }

  static let review: [Command] = [
    reviewing("review-accept", "Accept what is shown") { $0.accept($1) },
    reviewing("review-accept-word", "Accept the next word") { $0.acceptWord($1) },
    reviewing("review-accept-line", "Accept the next line on the screen") { $0.acceptLine($1) },
    reviewing("review-accept-changes", "Accept only the changed words") {
      $0.accept($1, changedWordsOnly: true)
    },
    reviewing("review-stop", "Stop and keep the draft; again: reject") { $0.stopOrReject($1) },
    reviewing("review-pause", "Pause, resume, play again") { $0.pauseOrResume($1) },
    reviewing("review-back", "One step back") { $0.scrub($1, by: -1) },
    reviewing("review-forward", "One step forward") { $0.scrub($1, by: 1) },
    reviewing("review-back-ten", "Ten steps back") { $0.scrub($1, by: -10) },
    reviewing("review-forward-ten", "Ten steps forward") { $0.scrub($1, by: 10) },
    reviewing("review-first", "Back to the masks") { $0.scrub($1, to: 0) },
    reviewing("review-last", "To the last step") { $0.scrub($1, to: .max) },
    reviewing("review-single-step", "Let the engine do one step") { $0.singleStep($1) },
    Command("review-faster", "Faster", in: [.review]) { $0.changeSpeed(faster: true) },
    Command("review-slower", "Slower", in: [.review]) { $0.changeSpeed(faster: false) },
    reviewing("review-reroll", "Another candidate with a new seed") { $0.reroll($1) },
    reviewing("review-from-step", "Another candidate from the shown step") {
      $0.startFromShownStep($1)
    },
    reviewing("review-next-candidate", "Next candidate") { $0.showNextCandidate($1) },
    reviewing("review-list", "List the candidates") { $0.listCandidates($1) },
    reviewing("review-original", "Original, word differences, draft") { $0.cycleView($1) },
    reviewing("review-word-left", "Previous word of the draft") {
      $0.passages[$1].moveCursor(by: -1)
    },
    reviewing("review-word-right", "Next word of the draft") { $0.passages[$1].moveCursor(by: 1) },
    reviewing("review-select-left", "Select words to the left") {
      $0.passages[$1].moveCursor(by: -1, selecting: true)
    },
    reviewing("review-select-right", "Select words to the right") {
      $0.passages[$1].moveCursor(by: 1, selecting: true)
    },
    reviewing("review-pin", "Pin the words: later candidates keep them") { $0.togglePin($1) },
    reviewing("review-unpin", "Unpin every word") { $0.unpinAll($1) },
    reviewing("review-remask", "Mask the words again") { $0.remask($1) },
    reviewing("review-remask-doubtful", "Mask the least certain words again") {
      $0.askForDoubtfulWords($1)
    },
    reviewing("review-alternatives", "Other words the engine considered") {
      $0.listAlternatives($1)
    },
    reviewing("review-write", "Write before the words") { $0.write($1, replacing: false) },
    reviewing("review-replace", "Write in place of the words") { $0.write($1, replacing: true) },
    reviewing("review-end-right", "Extend the passage by the next word") {
      $0.moveEdge($1, end: true, by: 1)
    },
    reviewing("review-end-left", "Shrink the passage by its last word") {
      $0.moveEdge($1, end: true, by: -1)
    },
    reviewing("review-start-left", "Extend the passage by the word before") {
      $0.moveEdge($1, end: false, by: -1)
    },
    reviewing("review-start-right", "Shrink the passage by its first word") {
      $0.moveEdge($1, end: false, by: 1)
    },
    reviewing("review-temperature", "Change the temperature") { $0.askForTemperature($1) },
    reviewing("review-steps", "Change steps, threshold, time or quality") {
      $0.askForUnmasking($1)
    },
    reviewing("review-quality-up", "Higher quality: more drafts, more polish") {
      $0.changeQuality($1, by: 1)
    },
    reviewing("review-quality-down", "Quicker: fewer drafts, less polish") {
      $0.changeQuality($1, by: -1)
    },
    reviewing("review-follow", "Toggle auto-scroll to the latest change") {
      $0.toggleFollowing($1)
    },
    reviewing("review-export", "Export the steps as a file") { $0.askForExport($1) },
  ]
}
