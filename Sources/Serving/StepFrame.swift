internal import Infilling
internal import JSON
internal import Streaming

/// A step of a span as an event: the canvas as it is, to be replaced by the next one. The convention
/// is that of Unsloth's shim, whose readers take `text` and leave out what they do not know; a client
/// that only knows OpenAI's chunks sees one that adds nothing.
struct StepFrame: Equatable {
  /// What stands for a mask in `text`.
  static let mask = "░"

  var choice: Int
  var step: InfillStep

  /// Members that make a chunk a frame. `total` is 0 where the model decides; `cells` has text and
  /// confidence of each slot, null for a mask, and `text` the same as one text.
  var members: JSONObject {
    let shown = step.cells.filter { $0.state != .deleted }
    var members = DiffusionFrame.canvas(
      text: shown.map { $0.state == .open ? Self.mask : $0.text }.joined(), block: 0,
      step: step.index, total: step.plannedSteps ?? 0
    ).members
    members["choices"] = nil
    members["cells"] = .array(
      shown.map { cell in
        cell.state == .open ? .null : [.string(cell.text), .rounded(Double(cell.confidence), 4)]
      })
    return members
  }
}
