public import Documents
public import Highlighting
public import Infilling

/// Everything that can happen to an editor. Events are values; whoever makes them owns the
/// terminal, the clock, the files and the engine.
public enum Event: Sendable, Equatable {
  case key(Key)
  /// Bracketed paste, line ends already LF.
  case paste(String)
  case mouse(MouseEvent)
  /// Size of the whole screen in cells.
  case resize(columns: Int, rows: Int)
  case model(ModelStatus)
  /// What the model can do, as far as that is known before it is loaded; answer to
  /// `Effect.outlineModel`.
  case outlined(ModelOutline)
  /// Another engine is in use; answer to `Effect.useEngine`.
  case engine(EngineStatus)
  /// The engine's reply about a run.
  case run(RunID, RunReply)
  /// Answer to `Effect.glance`: what the headers of the pictures say that can be read.
  case glanced([PictureGlance])
  /// The engine reads pictures; the last time with a share of 1.
  case readingPictures(PictureProgress)
  /// The engine's answer to a question.
  case inquiry(InquiryID, InquiryReply)
  /// Answer to `Effect.save`: no failure when the text is in the file; `caution` is what went wrong
  /// after that.
  case saved(SaveRequest, failure: String?, caution: String? = nil)
  /// Answer to `Effect.find`.
  case found(FindRequest, Result<FindRequest.Answer, SearchError>)
  /// Answer to `Effect.replace`.
  case replaced(ReplaceRequest, Result<Replacement, SearchError>)
  /// Progress of `Effect.find` or `Effect.replace`, 0...1, with the request's number.
  case finding(Int, progress: Double)
  /// Progress of `Effect.save`, 0...1.
  case saving(progress: Double)
  /// The lines of a document that stays in its file have been counted.
  case linesCounted
  /// Texts that earlier sessions left, the oldest first.
  case recoverable([Recovery])
  /// Who else has the file open; sent when that has changed.
  case neighbours([Neighbour])
  /// Unsaved edits are on disk again, or cannot be written, and why.
  case keeping(failure: String?)
  /// Answer to `Effect.export`: nil when the file is on disk.
  case exported(path: String, failure: String?)
  /// Answer to `Effect.checkSpelling` and `Effect.suggestSpelling`.
  case spelling(SpellingReply)
  /// Answer to `Effect.loadLanguage`.
  case language(String, LanguageReply)
  /// Answer to `Effect.readClipboard`; nil where there is no text.
  case clipboard(String?, from: ClipboardSource = .clipboard)
  /// The terminal has the keyboard, or has lost it.
  case focused(Bool)
  /// Answer to `Effect.wake`.
  case woke(Timer)
  /// Another program has changed the document's file.
  case disk(DiskState)
  /// The document has got another name, and what is to be followed there.
  case style(DocumentStyle)
  /// The text of the file that was taken is in this format.
  case format(FileFormat)
  /// Answer to `Effect.loadHistory`; it may also come without being asked for.
  case history(HistoryReply)
  /// Answers to `Effect.listFiles`, until the last part.
  case listed(FileListing.Part)
  /// Answers about settings and themes.
  case settings(SettingsReply)
  /// Settings have changed, for all documents.
  case adopted(EditorSettings, before: EditorSettings)
}

/// Where a desktop keeps text.
public enum ClipboardSource: Sendable, Equatable {
  /// What was copied.
  case clipboard
  /// What is selected, in X11 and its heirs.
  case primary
}

public enum ModelStatus: Sendable, Equatable {
  case unloaded
  /// `progress` in 0...1 where it is known.
  case loading(progress: Double?)
  case ready(ModelSummary)
  /// One line for the reader, with what to do.
  case failed(String)
}

/// What an editor asks for. The runtime performs effects in order and holds no logic of its own.
public enum Effect: Sendable, Equatable {
  case save(SaveRequest)
  /// Stop what `save` asked for, if that can still be: the answer is `Event.saved` all the same.
  case cancelSave
  /// Look for a match in place of what was looked for before; the answer is `Event.found`.
  case find(FindRequest)
  /// Work out what replacing matches comes to, in place of what was looked for before; the answer
  /// is `Event.replaced`.
  case replace(ReplaceRequest)
  /// Do not look for it any more. Nothing is answered.
  case cancelFind
  case suspend
  case copy(String)
  /// Find out what the model can do without loading it; the answer is `Event.outlined`.
  case outlineModel
  /// Ask for text of the desktop; the answer is `Event.clipboard`.
  case readClipboard(ClipboardSource)
  /// Load the model unless it is loaded; the answer is `Event.model`.
  case prepareModel
  /// Have passages that begin from now on filled by the engine of this name; the answers are
  /// `Event.engine` and `Event.model`.
  case useEngine(String)
  case beginRun(RunID, InfillRequest)
  /// Begin several candidates of one passage, whose steps may be computed together. Each answers
  /// for itself, as after `beginRun`.
  case beginCandidates([RunStart])
  /// Ask for the next step, no sooner than this many milliseconds from now.
  case stepRun(RunID, afterMilliseconds: Int)
  /// Ask how well texts read in the place of a request's passage.
  case scoreTexts(InquiryID, [String], InfillRequest)
  /// Ask how much the model doubts words.
  case weighWords(InquiryID, DoubtRequest)
  /// Read the text around a passage that may be filled next, and around no other; nil is none.
  /// Nothing is answered.
  case readAhead(InfillRequest?)
  /// Look at the headers of pictures; the answer is `Event.glanced`.
  case glance(PictureContext)
  /// Stop the engine's work on a run; the session is kept for `stepRun` unless `dropping`.
  case cancelRun(RunID, dropping: Bool)
  /// Withdraw what was asked by `scoreTexts` or `weighWords`. Nothing is answered.
  case withdraw(InquiryID)
  /// Send `Event.woke` after this many milliseconds.
  case wake(Timer, afterMilliseconds: Int)
  /// Write the steps of a run into a file.
  case export(ExportRequest)
  /// Read the rules that a language is highlighted by; the answer is `Event.language`.
  case loadLanguage(String)
  /// Ask whether words are right; the answer is `Event.spelling`.
  case checkSpelling([String])
  /// Ask what may be meant by a word; the answer is `Event.spelling`.
  case suggestSpelling(String)
  /// Accept a word as correct from now on, in later sessions too. Nothing is answered.
  case learnSpelling(String)
  /// The text on disk that `Event.disk` brought last was dealt with.
  case settleDisk(DiskState.Settlement)
  /// The text of an earlier session was dealt with.
  case settleRecovery(String, Recovery.Outcome)
  /// List the files that can be opened, in place of any other list; the answers are
  /// `Event.listed`.
  case listFiles
  /// Do not list them any more. Nothing is answered.
  case cancelListing
  /// Look now whether other programs have changed the files of documents.
  case lookAtFiles
  /// The tour was closed, for good unless it is asked for.
  case tourClosed
  /// Look for the states of the document in earlier sessions; the answer is `Event.history`.
  case loadHistory
  /// Keep the states of a document that is closed for later sessions. Nothing is answered.
  case keepHistory(Document)
  /// Redraw everything: the screen may be damaged.
  case redraw
  /// List the settings; the answer is `Event.settings`.
  case listSettings
  /// Change a setting for this session, by its name, to what was typed; empty is the default. The
  /// answers are `Event.adopted` and `Event.settings`.
  case changeSetting(String, String)
  /// Write settings as they are in this session into the user's file; the answer is
  /// `Event.settings`.
  case writeSettings([String])
  /// List the themes; the answer is `Event.settings`.
  case listThemes
  /// Draw in this theme until another one is asked for. Nothing is answered.
  case previewTheme(String)
}

/// What there is of a document's states in earlier sessions.
public enum HistoryReply: Sendable, Equatable {
  case none
  /// There are some of another text than the document began with: another program has written to the
  /// file.
  case ofAnotherText
  /// `isWhole`: nothing of what was kept is damaged.
  case kept(KeptHistory, isWhole: Bool)
  /// They cannot be used, and why.
  case failed(String)
}

/// The rules of a language.
public enum LanguageReply: Sendable, Equatable {
  case grammar(Grammar)
  /// There are none.
  case missing
  /// They cannot be used, and why.
  case failed(String)
}

public struct SaveRequest: Sendable, Equatable {
  public var path: String
  /// What to write, as it was when saving was asked for.
  public var document: Document
  /// What the document is left for once it is saved.
  public var departure: Departure?
}

/// A run of the engine and what it is asked to do.
public struct RunStart: Sendable, Equatable {
  public var run: RunID
  public var request: InfillRequest

  public init(_ run: RunID, _ request: InfillRequest) {
    self.run = run
    self.request = request
  }
}
