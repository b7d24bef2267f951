public import Documents

/// One line of feedback, shown until the next key press. `Message+Text.swift` has the texts.
public indirect enum Message: Sendable, Equatable {
  /// How much a message asks for attention.
  public enum Kind: Int, Sendable, Equatable { case note, warning, failure }

  // Texts of the engine, the file system and the settings.
  case note(String)
  case warning(String)
  case failure(String)
  /// A message and a later one that came before any key was pressed.
  case both(Message, Message)

  // Keys that do nothing here.
  case unboundKey(String)
  case reviewKeys, raceKeys, recoveryKeys, diskKeys, failedKeys

  // Editing.
  case readOnly, view
  case views(Bool)
  /// What was typed under review, and is no command of it, went there.
  case typedIntoText
  case underReview, partUnderReview, wouldChangePassage
  case nothingToUndo, nothingToRedo, firstState
  case undone(String)
  case redone(String)
  /// Of the states of earlier sessions: none, since another program has written the file; not all,
  /// since what was kept is damaged; none, and why.
  case undoOfAnotherText, undoDamaged
  case undoUnusable(String)
  /// The text as it was some seconds ago, or the first state that is known.
  case asItWas(ago: Int, isFirst: Bool)
  case unchangedSince(ago: Int)
  case spanExpected, latestState, wasLatest
  case nothingToCopy, nothingToCut, clipboardEmpty
  case copied(isLine: Bool)
  case typing(overwrites: Bool)
  case noLine(String)
  case noComments, noBracket

  // Cursors.
  case cursors(Int)
  case noFurtherMatch

  // Prose.
  case counted(WordCount, isSelection: Bool)
  case focusing(FocusMode)
  case nothingToWrap, isWrapped

  // Spelling.
  case spellingOn, spellingOff, lookingUp, noMisspeltWord
  case misspelt(String)
  case wordLearnt(String)

  // Highlighting.
  case noLanguage(String)
  /// Patterns of a language backtrack too much.
  case highlightingTooCostly(String)

  // Finding and replacing.
  case noMatch(String)
  case matchesUnderReview
  case wrapped(forward: Bool)
  case searchStopped, replacing, replacingStopped, changedMeanwhile, nothingReplaced
  /// `kept`: matches in passages under review.
  case replaced(Int, kept: Int)

  // The encoding and line ends of the file.
  case formatChosen(FileFormat)
  case formatKept(FileFormat)
  case reopened(FileFormat)
  case notInEncoding(TextEncoding)
  case nothingToReopen, saveBeforeReopening, settleBeforeReopening, tooLargeForEnds
  case lineEnds(LineEnding)

  // Files.
  /// Of a document that is not shown, by its name.
  case elsewhere(String, Message)
  case onlyDocument, onlyPane, nothingToSave
  /// `columns`: what two panes need.
  case noRoomForPanes(columns: Int)
  case recordingCannotBeSaved, recordingOpensNone, chooseAnotherName, notSaved
  case savingBegan, saving, stoppingSave
  /// `pending`: passages under review, of which the original was saved.
  case saved(String, pending: Int)
  case savedWithCaution(String)
  case exporting
  case exported(String)
  case exportNameExpected, nothingToExport
  case openElsewhere(process: Int)
  case editedElsewhere(process: Int)
  case savedElsewhere(process: Int)
  case closedElsewhere(process: Int)
  case editsNotKept(String)
  case editsKeptAgain
  case reloaded
  case changedOnDisk, changedUnderReview, changedOnDiskLarge, removedFromDisk, sameOnDisk
  case tookTextOnDisk, keptText
  /// `conflicts`: places where both texts are kept.
  case merged(conflicts: Int)
  case recovered(String)
  case recoveredNotSaved, leftForLater

  // Starting on a passage.
  case nothingToRewrite
  case tooLong(bytes: Int)
  case alreadyUnderReview, noPassage, inBackground, inText
  /// A selection reaches into a pending passage, which has the keys now; or which keeps it from
  /// being rewritten.
  case selectionOverlaps, overlapRefused
  case waitingForModel
  case noAdapter(model: String)

  // Settings.
  case settingChanged(String, String, isDelayed: Bool)
  case settingsWritten(String)

  // Engines.
  case onlyLocalEngine, documentStaysHere
  case engineChosen(String, place: String?)

  // Accepting and rejecting.
  case nothingToAccept, passageChanged, draftEmpty, draftUnchanged, accepted, partAccepted
  case masksLeft(Int)
  case maskInTheWay
  case draftUnfinished(Way)
  case rejected(canUndo: Bool)
  case recalled, nothingToRecall

  /// What a draft that cannot be accepted yet needs.
  public enum Way: Sendable { case goToLastStep, wait, resume }

  // Steps.
  case stopped, scoringStopped, noFurtherStep, noStepYet, waitForFirstStep
  case playbackSpeed(String)
  /// 0 is as fast as the engine.
  case stepTime(milliseconds: Int)
  case following(Bool)

  // Words of a draft.
  case noWordToAdd, lastWordStays, passageCannotGrow
  case nothingToWriteInto, allPinned, noAlternatives
  case pinned(String)
  case noWordToPin, nothingPinned, noWordToMask
  case remasked(Int)

  // Settings of a run.
  case numberExpected(ClosedRange<Int>)
  case temperatureExpected, unmaskingExpected, guidanceExpected, noGuidance
  case qualityLimit(isHighest: Bool)
  case forNextCandidate(String)
  case continues(isSearch: Bool, with: String)
  case resumesWith(String)

  // Instructions and seed words.
  case noInstructions, instructionEmpty, loadingForInstruction, instructAgain
  case instructed(String, guidance: String?)
  case seedWordsEmpty

  // Pictures.
  case pictureUnread(String, String)
  case pictures(Bool)
  case seesNoPictures, noAltText

  // Candidates. Numbers are from 1.
  case onlyOneCandidate, noMaskAtStep
  case begunFromStep(step: Int, candidate: Int)
  case candidatesBegun(Int)
  case cannotRank
  case notRanked(String)
  case readsBest(candidate: Int)

  // Refinement.
  case masksLeftToRefine, noWordsToScore, cannotScoreWords, noUnlikelyWordsFound
  case wordsNotScored(String)
  case roundMasked(Int, words: Int)
  case makingAgree([String])
  case roundMended(Int, typos: Int)
  case roundsDone(Int, changedWords: Int)
  case bestRound(String, of: Int)

  // The doubt map.
  case doubtMapOn, doubtMapOff, noDoubtMap, stillReading, noUnlikelyWord, wordNotRead
  case likelihood(of: String, String, alternatives: String?)

  // Races.
  case recordingCannotRace, nothingToRace, raceEnded, laneEmpty
  case laneTaken(String, hasOthers: Bool)

  public init(_ kind: Kind, _ text: String) {
    switch kind {
    case .note: self = .note(text)
    case .warning: self = .warning(text)
    case .failure: self = .failure(text)
    }
  }

  /// Worth showing when its document is not shown.
  var concernsHidden: Bool {
    if case .saved = self { true } else { kind != .note }
  }

  public var kind: Kind {
    switch self {
    case .elsewhere(_, let message): message.kind
    case .both(let first, let second):
      [first.kind, second.kind].max { $0.rawValue < $1.rawValue } ?? .note
    case .failure, .passageChanged, .cannotScoreWords: .failure
    case .warning, .readOnly, .view, .selectionOverlaps, .overlapRefused, .instructionEmpty,
      .seedWordsEmpty, .chooseAnotherName, .underReview, .partUnderReview,
      .wouldChangePassage, .noLine, .changedMeanwhile, .savedWithCaution, .exportNameExpected,
      .openElsewhere, .editedElsewhere, .editsNotKept, .recovered, .recoveredNotSaved,
      .changedOnDisk, .changedUnderReview, .changedOnDiskLarge, .removedFromDisk,
      .nothingToRewrite, .nothingToRace, .tooLong, .numberExpected, .temperatureExpected,
      .unmaskingExpected, .guidanceExpected, .noGuidance, .noInstructions, .pictureUnread,
      .seesNoPictures, .notRanked, .wordsNotScored, .noLanguage, .highlightingTooCostly,
      .noComments, .documentStaysHere, .undoOfAnotherText, .undoDamaged, .undoUnusable,
      .spanExpected, .notInEncoding, .saveBeforeReopening, .settleBeforeReopening,
      .tooLargeForEnds:
      .warning
    default: .note
    }
  }
}

extension Message {
  /// Whether it asks to wait for the steps of a passage, which is out of date after the last one.
  var asksToWait: Bool {
    switch self {
    case .masksLeft, .masksLeftToRefine, .draftUnfinished(.wait): true
    default: false
    }
  }
}
