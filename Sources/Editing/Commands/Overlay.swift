/// Something that lies over the text and takes the keys until it is closed.
enum Overlay: Sendable {
  case race(Race)
  /// A list to choose from.
  case list(Picker)
  /// Text of an earlier session that is on offer.
  case recovery(Recovering)
  /// The text on disk beside the document's.
  case disk(DiskConflict)
  case prompt(Prompt)
  /// `row`: rows of help scrolled past.
  case help(row: Int)

  var mode: Mode {
    switch self {
    case .race: .race
    case .list: .list
    case .recovery: .recovery
    case .disk: .disk
    case .prompt: .prompt
    case .help: .help
    }
  }
}

extension Editor {
  /// That of the topmost overlay; without one, a passage or the text has the keys.
  public var mode: Mode { overlays.last?.mode ?? (focus == nil ? .text : .review) }

  public internal(set) var race: Race? {
    get { if case .race(let race)? = overlay(of: .race) { race } else { nil } }
    set { setOverlay(of: .race, to: newValue.map(Overlay.race)) }
  }

  /// A list to choose from.
  public internal(set) var picker: Picker? {
    get { if case .list(let picker)? = overlay(of: .list) { picker } else { nil } }
    set { setOverlay(of: .list, to: newValue.map(Overlay.list)) }
  }

  /// Text of an earlier session that is on offer.
  public internal(set) var recovering: Recovering? {
    get { if case .recovery(let offer)? = overlay(of: .recovery) { offer } else { nil } }
    set { setOverlay(of: .recovery, to: newValue.map(Overlay.recovery)) }
  }

  /// The text on disk that is to be chosen or not.
  public internal(set) var conflict: DiskConflict? {
    get { if case .disk(let conflict)? = overlay(of: .disk) { conflict } else { nil } }
    set { setOverlay(of: .disk, to: newValue.map(Overlay.disk)) }
  }

  public internal(set) var prompt: Prompt? {
    get { if case .prompt(let prompt)? = overlay(of: .prompt) { prompt } else { nil } }
    set { setOverlay(of: .prompt, to: newValue.map(Overlay.prompt)) }
  }

  /// Rows of help scrolled past; nil while no help is shown.
  public internal(set) var helpRow: Int? {
    get { if case .help(let row)? = overlay(of: .help) { row } else { nil } }
    set { setOverlay(of: .help, to: newValue.map(Overlay.help)) }
  }

  private func overlay(of mode: Mode) -> Overlay? { overlays.last { $0.mode == mode } }

  /// Changes the overlay of a mode where it lies; opens it where there is none, or closes it for nil.
  private mutating func setOverlay(of mode: Mode, to overlay: Overlay?) {
    let present = overlays.lastIndex { $0.mode == mode }
    switch (present, overlay) {
    case (let index?, let overlay?): overlays[index] = overlay
    case (let index?, nil): overlays.remove(at: index)
    case (nil, let overlay?): overlays.insert(overlay, at: place(of: overlay))
    case (nil, nil): break
    }
  }

  /// What a key opens lies on top. A recovery opens by itself: beneath a prompt or help, which would
  /// lose the keys in the middle of a word.
  private func place(of overlay: Overlay) -> Int {
    guard case .recovery = overlay else { return overlays.count }
    return overlays.firstIndex { $0.mode == .prompt || $0.mode == .help } ?? overlays.count
  }
}
