// What a new user is shown beneath the text: one screen, closed by any key, which does what it always
// does.

extension Command {
  static let touring: [Command] = [
    Command("tour", "What the editor can do") { $0.showsTour = true }
  ]
}

/// A line of the tour: keys, and what they do.
public struct TourLine: Sendable, Equatable {
  public var keys: String
  public var text: String
}

extension Editor {
  /// The tour is shown beneath the text.
  public internal(set) var showsTour: Bool {
    get { shared.showsTour }
    set { shared.showsTour = newValue }
  }

  /// The tour with the keys of the user; none where it is not shown, or the screen has no room for it.
  public var tour: [TourLine] {
    guard showsTour, mode == .text else { return [] }
    let lines = tourLines
    return lines.count <= viewport.textRows - 1 ? lines : []
  }

  private var tourLines: [TourLine] {
    let title = "Palimpsest. Any key closes this; `tour` in the palette shows it again"
    let lines = [
      line("rewrite this sentence, or the selection, as you watch", "rewrite"),
      line(
        "then: one step back or forward; pause and play", "review-back", "review-forward",
        "review-pause", in: .review),
      line(
        "the next candidate; another one", "review-next-candidate", "review-reroll", in: .review),
      line("accept it; stop, then reject", "review-accept", "review-stop", in: .review),
      line("save; quit. One undo restores the old words", "save", "quit"),
      line("every command by name, themes and settings too", "palette"),
      line("all keys. The last line has those that matter now", "help"),
    ]
    let end = "The model comes with `palimpsest model fetch`, once: 93 MB"
    return [TourLine(keys: "", text: title)] + lines.compactMap(\.self)
      + [TourLine(keys: "", text: end)]
  }

  /// nil for commands that the user has left without keys.
  private func line(_ text: String, _ commands: String..., in mode: Mode = .text) -> TourLine? {
    let keys = commands.compactMap { keymap.keys(for: $0, in: mode).first?.description }
    return keys.isEmpty ? nil : TourLine(keys: keys.joined(separator: " "), text: text)
  }

  /// What any key, click or paste does first.
  mutating func closeTour() {
    guard showsTour else { return }
    showsTour = false
    emit(.tourClosed)
  }
}

extension Workspace {
  /// Shows the tour until the first key, click or paste.
  public mutating func showTour() { shown.showsTour = true }
}
