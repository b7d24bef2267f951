internal import Documents
import Editing
import Storage

/// The outcome of writing a document.
struct SaveOutcome: Sendable {
  let request: SaveRequest
  /// Absolute, links followed.
  let path: String
  /// What a journal begins from now, and its hash, if the text was saved.
  let base: Contents
  let baseHash: UInt64?
  let result: Result<SavedFile, StorageError>

  /// Writes the document of `request`, parts of which may be in `held`. `progress` is called with
  /// the share done, once per hundredth.
  init(
    _ request: SaveRequest, from held: HeldFile?, to path: String, in store: FileStore,
    expecting state: Expectation,
    progress: (Double) -> Void
  ) {
    self.request = request
    self.path = path
    let document = request.document
    do {
      let contents = try Contents(document, from: held)
      var last = 0
      let saved = try store.save(contents, to: path, expecting: state) { written in
        let percent = written * 100 / max(1, contents.count)
        if percent > last { progress(Double(percent) / 100) }
        last = percent
      }
      result = .success(saved)
      if document.format.encoding == .utf8 {
        (base, baseHash) = (contents, saved.identity.hash)
      } else {
        base = Contents(journalled: document, hasMark: false, from: held)
        baseHash = try? base.hash()
      }
    } catch {
      let failure =
        error as? StorageError
        ?? StorageError(path: path, reason: .unwritable(document.refusal(error)))
      result = .failure(failure)
      (base, baseHash) = (Contents([]), nil)
    }
  }
}

extension Document {
  /// Why the text cannot be written, and what to do.
  func refusal(_ error: any Error) -> String {
    guard let place = error as? UnencodableText else { return "\(error)" }
    return "Not saved: \(fault(place)). "
      + "Choose UTF-8 by the command encoding (Ctrl-P), or change the text"
  }
}
