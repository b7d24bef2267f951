internal import Commands
internal import DecodingPolicies
internal import Editing
internal import Infilling

/// Draws the passage on the terminal, each step over the one before. The document itself goes to
/// standard output.
final class WatchFillOutput: FillOutput {
  private let descriptor: Int32
  /// Rows drawn, the cursor on the last of them.
  private var drawn = 0

  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  func loading() {
    draw(["loading the model …"])
  }

  func began(_ scene: FillScene) {
    draw(scene, changed: [], status: "\(scene.cells.count { $0.state == .open }) masks")
  }

  func step(_ step: InfillStep, _ scene: FillScene) {
    draw(scene, changed: Set(step.changed), status: Self.status(step))
  }

  /// `step 3/8  20 ms  5 masks left`, of a search `drafting 12/16  20 ms  34 passes`.
  static func status(_ step: InfillStep) -> String {
    let time = "\(Int(step.milliseconds.rounded())) ms"
    if let search = step.search {
      let passes = step.forwardPasses == 1 ? "1 pass" : "\(step.forwardPasses) passes"
      return "\(search.words)  \(time)  \(passes)"
    }
    let planned = step.plannedSteps.map { "/\($0)" } ?? ""
    let masks = step.masksLeft == 1 ? "1 mask" : "\(step.masksLeft) masks"
    return "step \(step.index)\(planned)  \(time)  \(masks) left"
  }

  func ended() { draw([]) }

  func finished(texts: [String], document: [UInt8]) {}

  private func draw(_ scene: FillScene, changed: Set<Int>, status: String) {
    let size = Console.size(descriptor) ?? (80, 24)
    // The last column stays free: a terminal's own wrapping would move the rows.
    let view = PassageView(scene, changed: changed, columns: size.columns - 1)
    let number = scene.passages > 1 ? "passage \(scene.passage)/\(scene.passages)  " : ""
    let rows = view.window(max(1, size.rows - 2)).map(PassageView.line)
    draw(rows + [String((number + status).prefix(size.columns - 1))])
  }

  private func draw(_ rows: [String]) {
    var bytes = drawn > 1 ? "\r\u{1B}[\(drawn - 1)A" : "\r"
    bytes += rows.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J"
    drawn = rows.count
    Console.draw(bytes, on: descriptor)
  }
}
