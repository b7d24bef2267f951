internal import Documents
import Editing
import Infilling

/// Records one passage while another output shows it.
final class RecordFillOutput: FillOutput {
  private let inner: any FillOutput
  private let write: (Recording, Int, Int) -> Void
  private let name: String
  private var request: InfillRequest?
  private var trajectory: Trajectory?
  private var place = (passage: 1, passages: 1)

  /// `write` gets each recording, the number of its passage, and the number of passages.
  init(_ inner: any FillOutput, name: String, write: @escaping (Recording, Int, Int) -> Void) {
    self.inner = inner
    self.name = name
    self.write = write
  }

  func loading() { inner.loading() }

  func began(_ scene: FillScene) {
    flush()
    request = scene.request
    trajectory = Trajectory(canvas: scene.cells)
    place = (scene.passage, scene.passages)
    inner.began(scene)
  }

  func step(_ step: InfillStep, _ scene: FillScene) throws {
    trajectory?.append(step)
    try inner.step(step, scene)
  }

  func ranked(_ candidates: [FillCandidate], _ scene: FillScene) throws {
    try inner.ranked(candidates, scene)
  }

  func ended() {
    flush()
    inner.ended()
  }

  func finished(texts: [String], document: [UInt8]) throws {
    try inner.finished(texts: texts, document: document)
  }

  private func flush() {
    if let request, let trajectory {
      write(
        Recording(name: name, request: request, trajectory: trajectory), place.passage,
        place.passages)
    }
    trajectory = nil
  }
}
