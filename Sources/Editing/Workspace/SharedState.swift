internal import Infilling

/// What all open documents have in common. The editor of the shown document has it; the workspace
/// lends it to another one for as long as that handles an event.
struct SharedState: Sendable {
  var settings: EditorSettings
  var keymap: Keymap
  /// Seconds since 1970.
  var now = 0
  var model = ModelStatus.unloaded
  /// What is known of the model before it is loaded.
  var outline: ModelOutline?
  /// What fills passages.
  var engine = EngineStatus()
  /// What paste inserts.
  var clipboard = ""
  /// There is a desktop to be asked for what paste inserts.
  var asksForClipboard = false
  /// The tour is shown.
  var showsTour = false
  /// The terminal has lost the keyboard.
  var isAway = false
  /// Typing replaces instead of inserting.
  var overwrites = false
  /// Of recorded steps.
  var playbackSpeed = PlaybackSpeed.normal
  /// What the next prompt for an instruction proposes.
  var lastInstruction = ""
}

extension Editor {
  public var settings: EditorSettings {
    get { shared.settings }
    _modify { yield &shared.settings }
  }

  public var keymap: Keymap {
    get { shared.keymap }
    _modify { yield &shared.keymap }
  }

  /// Now, in seconds since 1970, as whoever has a clock puts it before an event: edits are dated with
  /// it.
  public var now: Int {
    get { shared.now }
    set { shared.now = newValue }
  }

  public internal(set) var model: ModelStatus {
    get { shared.model }
    set { shared.model = newValue }
  }

  /// Whether the model follows instructions; nil where only a loaded model shows that.
  var followsInstructions: Bool? {
    knownModel?.followsInstructions ?? shared.outline?.followsInstructions
  }

  /// Whether the model sees pictures; nil if that has not been asked yet.
  var seesPictures: Bool? { knownModel?.seesPictures ?? shared.outline?.seesPictures }

  /// What fills passages.
  public internal(set) var engine: EngineStatus {
    get { shared.engine }
    set { shared.engine = newValue }
  }

  /// What paste inserts.
  public internal(set) var clipboard: String {
    get { shared.clipboard }
    set { shared.clipboard = newValue }
  }

  /// There is a desktop to be asked for what paste inserts, by `Effect.readClipboard`.
  public var asksForClipboard: Bool {
    get { shared.asksForClipboard }
    set { shared.asksForClipboard = newValue }
  }

  /// Typing replaces instead of inserting.
  public internal(set) var overwrites: Bool {
    get { shared.overwrites }
    set { shared.overwrites = newValue }
  }

  /// Of recorded steps.
  public internal(set) var playbackSpeed: PlaybackSpeed {
    get { shared.playbackSpeed }
    set { shared.playbackSpeed = newValue }
  }

  var lastInstruction: String {
    get { shared.lastInstruction }
    set { shared.lastInstruction = newValue }
  }
}
