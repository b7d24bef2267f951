public import Editing

/// A recording as screens: what the editor shows step by step, and how long.
public struct Film: Sendable {
  public struct Shot: Sendable, Equatable {
    public var frame: Frame
    public var milliseconds: Int
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
    var editor = Editor(showing: recording, columns: columns, rows: rows)
    let steps = recording.trajectory.steps
    var shots: [Shot] = []
    for step in 0...steps.count {
      editor.show(step: step)
      let taken = step == 0 ? 0 : steps[step - 1].milliseconds
      let shown = min(max(Double(Self.step.lowerBound), taken), Double(Self.step.upperBound))
      var milliseconds = taken.isFinite ? Int(shown) : Self.step.lowerBound
      if step == 0 { milliseconds = Self.first }
      if step == steps.count { milliseconds = Self.last }
      let frame = Frame(editor, theme: theme)
      if shots.last?.frame == frame {
        shots[shots.count - 1].milliseconds += milliseconds
      } else {
        shots.append(Shot(frame: frame, milliseconds: milliseconds))
      }
    }
    title = "Palimpsest refining \(recording.name)"
    self.columns = max(1, columns)
    self.rows = max(1, rows)
    self.theme = theme
    self.shots = shots
  }

  /// Sum of all shots.
  public var milliseconds: Int { shots.reduce(0) { $0 + $1.milliseconds } }
}
