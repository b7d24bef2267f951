extension Command {
  static let passages: [Command] = [
    Command("infill", "Refine the selection, or this sentence", in: [.text, .review]) {
      $0.infill()
    },
    Command("background", "Back to the text; on to the next passage", in: [.text, .review]) {
      $0.toggleBackground()
    },
  ]

  static let review: [Command] = [
    Command("review-accept", "Accept what is shown") { $0.reviewing { $0.accept($1) } },
    Command("review-accept-word", "Accept the next word") { $0.reviewing { $0.acceptWord($1) } },
    Command("review-accept-line", "Accept the next line on the screen") {
      $0.reviewing { $0.acceptLine($1) }
    },
    Command("review-accept-changes", "Accept only the changed words") {
      $0.reviewing { $0.accept($1, changedWordsOnly: true) }
    },
    Command("review-stop", "Stop and keep the draft; again: reject") {
      $0.reviewing { $0.stopOrReject($1) }
    },
    Command("review-pause", "Pause, resume, play again") { $0.reviewing { $0.pauseOrResume($1) } },
    Command("review-back", "One step back") { $0.reviewing { $0.scrub($1, by: -1) } },
    Command("review-forward", "One step forward") { $0.reviewing { $0.scrub($1, by: 1) } },
    Command("review-back-ten", "Ten steps back") { $0.reviewing { $0.scrub($1, by: -10) } },
    Command("review-forward-ten", "Ten steps forward") { $0.reviewing { $0.scrub($1, by: 10) } },
    Command("review-first", "Back to the masks") { $0.reviewing { $0.scrub($1, to: 0) } },
    Command("review-last", "To the last step") { $0.reviewing { $0.scrub($1, to: .max) } },
    Command("review-single-step", "Let the engine do one step") {
      $0.reviewing { $0.singleStep($1) }
    },
    Command("review-faster", "Faster") { $0.changeSpeed(faster: true) },
    Command("review-slower", "Slower") { $0.changeSpeed(faster: false) },
    Command("review-reroll", "Another candidate with a new seed") {
      $0.reviewing { $0.reroll($1) }
    },
    Command("review-branch", "Another candidate from the shown step") {
      $0.reviewing { $0.branchOff($1) }
    },
    Command("review-next-branch", "Next candidate") { $0.reviewing { $0.showNextCandidate($1) } },
    Command("review-branches", "List the candidates") { $0.reviewing { $0.listCandidates($1) } },
    Command("review-original", "Original, word differences, draft") {
      $0.reviewing { $0.cycleView($1) }
    },
    Command("review-word-left", "Previous word of the draft") {
      $0.reviewing { $0.passages[$1].moveCursor(by: -1) }
    },
    Command("review-word-right", "Next word of the draft") {
      $0.reviewing { $0.passages[$1].moveCursor(by: 1) }
    },
    Command("review-select-left", "Select words to the left") {
      $0.reviewing { $0.passages[$1].moveCursor(by: -1, selecting: true) }
    },
    Command("review-select-right", "Select words to the right") {
      $0.reviewing { $0.passages[$1].moveCursor(by: 1, selecting: true) }
    },
    Command("review-pin", "Pin the words: later candidates keep them") {
      $0.reviewing { $0.togglePin($1) }
    },
    Command("review-unpin", "Unpin every word") { $0.reviewing { $0.unpinAll($1) } },
    Command("review-remask", "Mask the words again") { $0.reviewing { $0.remask($1) } },
    Command("review-remask-doubtful", "Mask the least certain words again") {
      $0.reviewing { $0.askForDoubtfulWords($1) }
    },
    Command("review-alternatives", "Other words the engine considered") {
      $0.reviewing { $0.listAlternatives($1) }
    },
    Command("review-write", "Write before the words") {
      $0.reviewing { $0.write($1, replacing: false) }
    },
    Command("review-rewrite", "Write in place of the words") {
      $0.reviewing { $0.write($1, replacing: true) }
    },
    Command("review-end-right", "Extend the passage by the next word") {
      $0.reviewing { $0.moveEdge($1, end: true, by: 1) }
    },
    Command("review-end-left", "Shrink the passage by its last word") {
      $0.reviewing { $0.moveEdge($1, end: true, by: -1) }
    },
    Command("review-start-left", "Extend the passage by the word before") {
      $0.reviewing { $0.moveEdge($1, end: false, by: -1) }
    },
    Command("review-start-right", "Shrink the passage by its first word") {
      $0.reviewing { $0.moveEdge($1, end: false, by: 1) }
    },
    Command("review-temperature", "Change the temperature") {
      $0.reviewing { $0.askForTemperature($1) }
    },
    Command("review-steps", "Change steps, threshold, time or quality") {
      $0.reviewing { $0.askForReveal($1) }
    },
    Command("review-quality-up", "Higher quality: more drafts, more polish") {
      $0.reviewing { $0.changeQuality($1, by: 1) }
    },
    Command("review-quality-down", "Quicker: fewer drafts, less polish") {
      $0.reviewing { $0.changeQuality($1, by: -1) }
    },
    Command("review-follow", "Toggle auto-scroll to the latest change") {
      $0.reviewing { $0.toggleFollowing($1) }
    },
    Command("review-export", "Export the steps as a file") { $0.reviewing { $0.askForExport($1) } },
  ].available(in: [.review])
}
