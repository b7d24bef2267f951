internal import Documents
import Editing
import Storage

/// The outcome of writing a document.
struct SaveOutcome: Sendable {
  let request: SaveRequest
  /// Absolute, links followed.
  let path: String
  let contents: Contents
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
    let contents = Contents(request.document, from: held)
    self.contents = contents
    var last = 0
    result = Result { () throws(StorageError) in
      try store.save(contents, to: path, expecting: state) { written in
        let percent = written * 100 / max(1, contents.count)
        if percent > last { progress(Double(percent) / 100) }
        last = percent
      }
    }
  }
}
