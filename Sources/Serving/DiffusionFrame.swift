internal import Infilling
internal import JSON

/// A step of a span as an event: the canvas as it is, to be replaced by the next one. The convention
/// is that of Unsloth's shim, whose readers take `text` and leave out what they do not know; a client
/// that only knows OpenAI's chunks sees one that adds nothing.
struct DiffusionFrame: Equatable {
  /// What stands for a mask in `text`.
  static let mask = "░"

  var choice: Int
  var step: InfillStep

  /// Members that make a chunk a frame. `cells` has text and confidence of each slot, null for a
  /// mask; `text` the same as one text.
  var members: JSONObject {
    let shown = step.cells.filter { $0.state != .deleted }
    return [
      "type": "diffusion_frame", "block": 0, "step": .integer(step.index),
      "total": step.plannedSteps.map(JSONValue.integer) ?? .null,
      "text": .string(shown.map { $0.state == .open ? Self.mask : $0.text }.joined()),
      "cells": .array(
        shown.map { cell in
          cell.state == .open
            ? .null : [.string(cell.text), .rounded(Double(cell.confidence), 4)]
        }),
    ]
  }
}
