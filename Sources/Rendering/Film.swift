public import Editing

/// A recording as screens: the editor's frame of each step, and its duration.
public struct Film: Sendable {
  public struct Shot: Sendable, Equatable {
    public var frame: Frame
    public var milliseconds: Int

    public init(_ frame: Frame, milliseconds: Int) {
      self.frame = frame
      self.milliseconds = milliseconds
    }
  }

  public let title: String
  public let columns: Int
  public let rows: Int
  public let theme: Theme
  /// At least one: the bare canvas. Consecutive equal screens are one shot.
  public let shots: [Shot]

  /// Shortest and longest time a step is shown, and that of the first and last screen.
  private static let step = 120...1500
  private static let first = 700
  private static let last = 2500

  public init(_ recording: Recording, columns: Int = 80, rows: Int = 24, theme: Theme = .standard) {
    var editor = Editor(showing: recording, columns: columns, rows: rows, asRun: true)
    let steps = recording.trajectory.steps
    var shots: [Shot] = []
    for step in 0...steps.count {
      editor.show(step: step)
      let taken = step == 0 ? 0 : steps[step - 1].milliseconds
      let shown = min(max(Double(Self.step.lowerBound), taken), Double(Self.step.upperBound))
      var milliseconds = taken.isFinite ? Int(shown) : Self.step.lowerBound
      if step == 0 { milliseconds = Self.first }
      if step == steps.count { milliseconds = Self.last }
      shots.append(Shot(Frame(editor, theme: theme), milliseconds: milliseconds))
    }
    self.init(title: "Palimpsest rewriting \(recording.name)", shots: shots, theme: theme)
  }

  /// Screens of one size with the time each is shown. Traps without any.
  public init(title: String, shots: [Shot], theme: Theme = .standard) {
    precondition(!shots.isEmpty, "a film of nothing")
    self.title = title
    self.theme = theme
    columns = shots[0].frame.columns
    rows = shots[0].frame.rows
    self.shots = shots.reduce(into: []) { merged, shot in
      if merged.last?.frame == shot.frame {
        merged[merged.count - 1].milliseconds += shot.milliseconds
      } else {
        merged.append(shot)
      }
    }
  }

  /// Sum of all shots.
  public var milliseconds: Int { shots.reduce(0) { $0 + $1.milliseconds } }
}
