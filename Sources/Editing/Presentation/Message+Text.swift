internal import Documents
internal import Strings

// Every text that the editor shows in its bottom line, but those that the engine, the file system
// and the settings bring along.

extension Message {
  public var text: String {
    switch self {
    case .note(let text), .warning(let text), .failure(let text): text
    case .both(let first, let second): "\(first.text). \(second.text)"

    case .unboundKey(let key): "\(key) does nothing here. F1 lists the keys"
    case .reviewKeys: "Under review: Enter accepts, Esc rejects, Alt-B goes back to the text"
    case .raceKeys: "Race: Enter takes the lane, Esc ends it"
    case .recoveryKeys: "Unsaved edits: Enter takes them, Esc leaves them for later"
    case .diskKeys:
      "t takes the text of the file, o keeps yours, b merges, Esc waits"
    case .failedKeys: "r tries again, Esc rejects"

    case .view: "This is a view: nothing was changed. Alt-H edits the document"
    case .views(let isView): isView ? "View: nothing can be changed. Alt-H edits" : "Editing"
    case .readOnly: "The document is read-only"
    case .typedIntoText: "Typed into the text. Alt-Enter on the passage returns to it"
    case .underReview: "This passage is under review: Alt-Enter returns to it"
    case .partUnderReview: "Part of this is under review: Alt-Enter returns to it"
    case .wouldChangePassage:
      "That would change a passage under review: accept or reject it first"
    case .nothingToUndo: "Nothing to undo"
    case .nothingToRedo: "Nothing to redo"
    case .firstState: "This is the first state"
    case .undone(let label): "Undone: \(label)"
    case .redone(let label): "Redone: \(label)"
    case .undoOfAnotherText:
      "Nothing to undo: another program has written the file since its undo was kept"
    case .undoDamaged: "What was kept of earlier undo is damaged: the latest of it is here"
    case .undoUnusable(let reason): "Earlier undo cannot be used: \(reason)"
    case .asItWas(_, isFirst: true): "The first text that is known. Ctrl-Y goes on from it"
    case .unchangedSince(let ago): "The text is as it was \(TimeSpan(ago).words) ago"
    case .asItWas(let ago, isFirst: false):
      "As it was \(TimeSpan(ago).words) ago. Ctrl-Y goes on, latest-state in the palette returns"
    case .spanExpected: "Enter a time such as 10m, 2h, 3d or yesterday"
    case .latestState: "The latest text"
    case .wasLatest: "This is the latest text"
    case .nothingToCopy: "Nothing to copy"
    case .nothingToCut: "Nothing to cut"
    case .clipboardEmpty: "The clipboard is empty"
    case .copied(let isLine): isLine ? "Line copied" : "Copied"
    case .typing(let overwrites): overwrites ? "Overwriting" : "Inserting"
    case .noLine(let text): "No line \(quoted(text))"

    case .noComments:
      "No comments are known for this language: choose one in the palette, Ctrl-P"
    case .noBracket: "No matching bracket here"

    case .cursors(let count): "\(count.counted("cursor")). Esc leaves one"
    case .noFurtherMatch: "No further match of the selection"
    case .counted(let count, let isSelection):
      (isSelection ? "Selected: " : "")
        + "\(count.words.counted("word")), \(count.characters.counted("character")), "
        + "\(max(1, count.minutes)) min to read"
    case .focusing(.off): "Focus off"
    case .focusing(.paragraph): "Focus on the paragraph"
    case .focusing(.sentence): "Focus on the sentence"
    case .nothingToWrap: "No paragraph here to wrap"
    case .isWrapped: "The lines are wrapped already"

    case .spellingOn:
      "Misspelt words are underlined. Alt-T goes to the next, and on one lists corrections"
    case .spellingOff: "Misspelt words are not marked any more"
    case .lookingUp: "Looking up…"
    case .noMisspeltWord: "No misspelt word on the screen"
    case .misspelt(let word): "\(quoted(word)) is not in the dictionary. Alt-T lists corrections"
    case .wordLearnt(let word): "Learnt \(quoted(word))"

    case .noLanguage(let name): "No rules for the language \(quoted(name))"
    case .highlightingTooCostly(let name):
      "Highlighting is off: patterns of the language \(quoted(name)) take too long"

    case .noMatch(let pattern): "No match for \(quoted(pattern))"
    case .matchesUnderReview: "All matches are in passages under review"
    case .wrapped(let forward): forward ? "Continued from the top" : "Continued from the end"
    case .searchStopped: "Search stopped"
    case .replacing: "Replacing: Esc stops it"
    case .replacingStopped: "Stopped: nothing was replaced"
    case .nothingReplaced: "Nothing replaced"
    case .changedMeanwhile: "The text has changed: nothing was replaced"
    case .replaced(let count, let kept):
      kept == 0 ? "\(count) replaced" : "\(count) replaced, \(kept) under review kept"

    case .formatChosen(let format): "Ctrl-S writes the file as \(format.title)"
    case .formatKept(let format): "The file is \(format.title) already"
    case .reopened(let format): "Read as \(format.title)"
    case .notInEncoding(let encoding):
      "This is not a text in \(encoding.title): its bytes are kept as they are"
    case .nothingToReopen: "The document has no file yet"
    case .saveBeforeReopening: "Save or undo your edits first: reading the file again drops them"
    case .settleBeforeReopening: "Accept or reject the passages under review first"
    case .tooLargeForEnds:
      "The text is too large: line ends of up to \(Editor.largestWithNewEnds >> 20) MiB are changed"
    case .lineEnds(let ending): "Lines end with \(ending.title). Ctrl-Z restores the old ends"

    case .elsewhere(let name, let message): "\(quoted(name)): \(message.text)"
    case .onlyDocument: "This is the only open document: Ctrl-O opens another"
    case .onlyPane: "There is one pane: Alt-2 makes two"
    case .noRoomForPanes(let columns): "Two panes need a screen of \(columns) columns"
    case .nothingToSave: "No document has unsaved edits"
    case .recordingCannotBeSaved: "This is a recording: there is nothing to save"
    case .recordingOpensNone: "This is a recording: start palimpsest to open files"
    case .chooseAnotherName: "The document is read-only: choose another name"
    case .notSaved: "Not saved"
    case .savingBegan: "Saving…"
    case .saving: "Saving: Esc stops it"
    case .stoppingSave: "Stopping…"
    case .saved(let name, let pending):
      pending == 0
        ? "Saved \(name)"
        : "Saved \(name) without \(pending.counted("pending passage"))"
    case .savedWithCaution(let caution): "Saved. \(caution)"
    case .exporting: "Exporting…"
    case .exported(let path): "Exported \(path)"
    case .exportNameExpected: "The name must end in .svg, .html, .cast or .jsonl"
    case .nothingToExport: "No step to export yet"
    case .openElsewhere(let process): "Process \(process) also has this file open"
    case .editedElsewhere(let process):
      "Process \(process) is editing this file; saving may overwrite its changes"
    case .savedElsewhere(let process): "Process \(process) has saved its edits to this file"
    case .closedElsewhere(let process): "Process \(process) has closed this file"
    case .editsNotKept(let reason): "Unsaved edits are not being kept: \(reason)"
    case .editsKeptAgain: "Unsaved edits are being kept again"
    case .reloaded: "Reloaded: the file has changed on disk. Ctrl-Z undoes it"
    case .changedOnDisk: "The file has changed on disk, and so has this text: Ctrl-S compares them"
    case .changedUnderReview:
      "The file has changed on disk where a passage is under review: accept or reject it"
    case .changedOnDiskLarge:
      "The file has changed on disk. It is too large to compare: save under another name"
    case .removedFromDisk: "The file was removed from disk: Ctrl-S writes it again"
    case .sameOnDisk: "The file on disk has not changed"
    case .tookTextOnDisk: "The text of the file is here. Ctrl-Z restores yours"
    case .keptText: "Your text is kept: Ctrl-S writes it over the file"
    case .merged(0): "The changes of both are here, not saved yet"
    case .merged(let conflicts):
      "The changes of both are here; \(conflicts.counted("place")) changed twice: yours, then theirs"
    case .recovered(let what): "Recovered \(what). Ctrl-S saves them, Ctrl-Z undoes them"
    case .recoveredNotSaved: "Recovered, not saved yet. Ctrl-Z to undo"
    case .leftForLater: "Left for later: palimpsest recover lists them"

    case .nothingToRewrite: "Nothing to rewrite here: select a passage"
    case .tooLong(let bytes): "Too long: select at most \(bytes / 1000) kB"
    case .alreadyUnderReview: "Already under review: Enter accepts, r tries again"
    case .noPassage: "No passage is under review"
    case .inBackground: "In the text. Alt-Enter on the passage returns to it"
    case .inText: "In the text already. Alt-J goes to the next passage"
    case .selectionOverlaps:
      "The selection overlaps this pending passage: accept or reject it first"
    case .overlapRefused: "The selection overlaps a pending passage: Alt-Enter goes to it"
    case .waitingForModel: "Waiting for the model"
    case .noAdapter(let model):
      "\(model) has no adapter: it writes from left to right and ignores the text that follows"

    case .settingChanged(let name, let value, let isDelayed):
      "\(name): \(value)" + (isDelayed ? ", from the next start on" : "")
    case .settingsWritten(let file): "Written to \(file)"

    case .onlyLocalEngine: "No other engine: Docs/Engines.md describes [engine.NAME] in config.toml"
    case .documentStaysHere:
      "This document stays on this machine ([remote] never): the local model fills it"
    case .engineChosen(let name, let place):
      place.map { "Engine \(name): passages and the text around them go to \($0)" }
        ?? "Engine \(name): all text stays on this machine"

    case .nothingToAccept: "Nothing to accept yet"
    case .passageChanged: "The passage has changed: reject the draft"
    case .draftEmpty: "The draft is empty: r tries again"
    case .draftUnchanged: "The draft is the same as the original"
    case .accepted: "Accepted. Ctrl-Z restores the original"
    case .partAccepted: "Accepted. Ctrl-Z to undo"
    case .masksLeft(let masks): "\(masks.counted("mask")) left: wait, or go to the last step"
    case .maskInTheWay: "This slot is still masked: wait, or go to a later step"
    case .draftUnfinished(.goToLastStep): "The draft is not finished: go to the last step"
    case .draftUnfinished(.wait): "The draft is not finished: wait"
    case .draftUnfinished(.resume): "The draft is not finished: Space resumes"
    case .rejected(let canUndo):
      canUndo
        ? "Rejected: the original stays. Ctrl-Z restores the draft"
        : "Rejected: the original stays"
    case .recalled: "Draft restored: Enter accepts, Esc rejects"
    case .nothingToRecall: "No rejected draft to restore"

    case .stopped: "Stopped. Esc again to reject, Space to resume"
    case .scoringStopped: "Scoring stopped. Esc again to reject"
    case .noFurtherStep: "No further step"
    case .noStepYet: "No step yet"
    case .waitForFirstStep: "Wait for the first step"
    case .playbackSpeed(let speed): "Plays at \(speed) of the recorded pace"
    case .stepTime(0): "As fast as the engine"
    case .stepTime(let milliseconds): "At least \(milliseconds) ms a step"
    case .following(let follows): follows ? "Auto-scroll on" : "Auto-scroll off"

    case .noWordToAdd: "No word to add there"
    case .lastWordStays: "The last word cannot be removed"
    case .passageCannotGrow: "The passage cannot grow further"
    case .nothingToWriteInto: "No draft to write into yet"
    case .allPinned: "Pinned. r rewrites the rest"
    case .noAlternatives: "No other words were considered here"
    case .pinned(let word): "Pinned \(quoted(word))"
    case .noWordToPin: "No word to pin here"
    case .nothingPinned: "No word is pinned"
    case .noWordToMask: "No word to mask here"
    case .remasked(1): "Masked the least certain word"
    case .remasked(let words): "Masked the \(words) least certain words"

    case .numberExpected(let range):
      range.upperBound == .max
        ? "Enter a number from \(range.lowerBound)"
        : "Enter a number from \(range.lowerBound) to \(range.upperBound)"
    case .temperatureExpected: "Temperature is a number from 0 to 10"
    case .unmaskingExpected: "Enter steps (12), a probability (0.8), a time (500ms) or quality 3"
    case .guidanceExpected: "Guidance scale is a number from 0 to 10"
    case .noGuidance: "Guidance needs a model trained for diffusion, not an adapter"
    case .qualityLimit(let isHighest):
      isHighest ? "This is the highest quality" : "This is the lowest quality"
    case .forNextCandidate(let settings): "For the next candidate: \(settings)"
    case .continues(let isSearch, let settings):
      isSearch ? "Searches again: \(settings)" : "Continues: \(settings)"
    case .resumesWith(let settings): "Space resumes: \(settings)"

    case .noInstructions:
      "This model does not support instructions. Press Alt-Enter to rewrite without one"
    case .instructionEmpty: "Enter an instruction, such as shorter. Esc leaves"
    case .loadingForInstruction: "Loading the model; it may not support instructions…"
    case .instructAgain: "The text has changed: enter the instruction again"
    case .instructed(let text, let guidance):
      quoted(text) + (guidance.map { ", guidance \($0)" } ?? "")
    case .seedWordsEmpty: "Enter at least one word. Esc leaves"

    case .pictureUnread(let path, let reason): "Written without \(path): \(reason)"
    case .pictures(let areShown):
      areShown ? "Pictures around a passage are shown to the model" : "Pictures are not shown"
    case .seesNoPictures: "This model sees no pictures"
    case .noAltText: "No picture's description is here: go to one, such as ![](picture.png)"

    case .onlyOneCandidate: "Only one candidate so far: r makes another"
    case .noMaskAtStep: "No masks at this step: go back to one with masks, then press R"
    case .begunFromStep(let step, let candidate):
      "New candidate from step \(step) of candidate \(candidate)"
    case .candidatesBegun(let number):
      "\(number) candidates at once. Tab cycles through them; at the end they are ranked"
    case .cannotRank: "This model cannot rank candidates. b lists them"
    case .notRanked(let reason): "Candidates not ranked: \(reason)"
    case .readsBest(let candidate): "Candidate \(candidate) reads best. b lists them all"

    case .masksLeftToRefine: "Masks left: wait, or go to the last step"
    case .noWordsToScore: "No words to score"
    case .cannotScoreWords: "This model cannot score words"
    case .noUnlikelyWordsFound: "No low-probability words found"
    case .wordsNotScored(let reason): "Words not scored: \(reason)"
    case .makingAgree(let words):
      "\(words.map { quoted($0) }.joined(separator: ", ")) has become unlikely and is rewritten"
    case .roundMasked(let round, let words): "Round \(round): \(words.counted("word")) masked"
    case .roundMended(let round, let typos): "Round \(round): \(typos.counted("typo")) fixed"
    case .roundsDone(let rounds, let words):
      "\(rounds.counted("round")), \(words.counted("word")) changed. d shows where"
    case .bestRound(let name, let rounds):
      "Of \(rounds) rounds, \(name) reads best. d shows what it changed"

    case .doubtMapOn:
      "Doubt map: shaded words are unlikely. F8 goes to the next, Alt-A lists alternatives"
    case .doubtMapOff: "Doubt map off"
    case .noDoubtMap: "F7 shows the doubt map"
    case .stillReading: "Still reading"
    case .noUnlikelyWord: "No unlikely word on the screen"
    case .wordNotRead: "This word has not been scored: F8 goes to the next unlikely one"
    case .likelihood(let word, let percent, let alternatives):
      "\(quoted(word)) \(percent)" + (alternatives.map { "; more likely: \($0)" } ?? "")

    case .recordingCannotRace: "A recording cannot race"
    case .nothingToRace: "Nothing to race on here: select a passage"
    case .raceEnded: "Race ended: nothing changed"
    case .laneEmpty: "Nothing to take in this lane"
    case .laneTaken(let lane, let hasOthers):
      "Lane \(quoted(lane)) taken as a draft"
        + (hasOthers ? ", the others as further candidates" : "")
    }
  }

  private func quoted(_ text: String) -> String { "\u{201c}\(text)\u{201d}" }
}
