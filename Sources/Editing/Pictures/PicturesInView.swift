internal import Infilling

/// The pictures at the cursor that the model is shown with a passage, as far as their headers are
/// known, and what the engine does with them.
struct PicturesInView: Sendable, Equatable {
  /// Where the cursor is or what is selected, in a state of the document.
  struct Place: Sendable, Equatable {
    var span: Range<Int>
    var revision: Int
  }

  enum Event {
    /// Where pictures are wanted; nil where none are.
    case moved(Place?)
    /// The cursor has rested: the files of the pictures in view.
    case rested(PictureContext)
    case glanced([PictureGlance])
    case reading(PictureProgress)
    /// Pictures of a run that cannot be read.
    case unread([UnreadPicture])
  }

  static let restMilliseconds = 150
  /// The nearest before the passage: each costs hundreds of tokens.
  static let mostPictures = 4
  /// Bytes after a passage in which pictures are around it.
  static let reachAfter = 1000

  private(set) var place: Place?
  private(set) var seen: [PictureGlance] = []
  /// While the engine reads pictures.
  private(set) var progress: PictureProgress?
  private var asked: PictureContext?
  /// Unreadable pictures that were reported.
  private var told: [UnreadPicture] = []
  /// The unreadable picture to report now.
  private(set) var news: UnreadPicture?

  mutating func handle(_ event: Event) -> [Effect] {
    news = nil
    switch event {
    case .moved(let present):
      guard present != place else { return [] }
      place = present
      if present != nil { return [.wake(.pictures, afterMilliseconds: Self.restMilliseconds)] }
      seen = []
      asked = nil
    case .rested(let pictures):
      guard place != nil, pictures != asked else { return [] }
      asked = pictures
      if !pictures.paths.isEmpty { return [.glance(pictures)] }
      seen = []
    case .glanced(let glances):
      // Those of a run that begins come unasked.
      guard place != nil else { return [] }
      seen = glances.filter { asked?.paths.contains($0.path) ?? true }
    case .reading(let progress): self.progress = progress.share < 1 ? progress : nil
    case .unread(let pictures):
      news = pictures.first { !told.contains($0) }
      told += pictures.filter { !told.contains($0) }
    }
    return []
  }
}
