internal import Documents
internal import Infilling

/// A selection that the engine may read around before it is asked to fill it.
struct ReadingAhead: Sendable, Equatable {
  struct Place: Sendable, Equatable {
    var span: Range<Int>
    var revision: Int
  }

  var place: Place
  /// Whether the selection has rested, and the engine been asked.
  var isAsked = false

  static let restMilliseconds = 150
}

// While a passage is selected and nothing else is wanted of the engine, the engine reads the text
// around it: the first step after the key has only the passage to run. No model is loaded for that.

extension Editor {
  /// What is done after every event.
  mutating func attendToReading() {
    let place = placeToRead
    guard place != ahead?.place else { return }
    if ahead?.isAsked == true { emit(.readAhead(nil)) }
    ahead = place.map { ReadingAhead(place: $0) }
    if place != nil {
      emit(.wake(.reading, afterMilliseconds: ReadingAhead.restMilliseconds))
    }
  }

  /// The selection has rested.
  mutating func readAhead() {
    guard let ahead, !ahead.isAsked else { return }
    self.ahead?.isAsked = true
    emit(.readAhead(request(for: ahead.place.span, settings: settings.infill)))
  }

  /// A selection that could be filled as it is; nil where there is none or the engine has work.
  private var placeToRead: ReadingAhead.Place? {
    guard case .ready = model, mode == .text, !selection.isEmpty, !document.isReadOnly,
      !isEngineWanted, let span = spanToFill(), span.count <= settings.longestSpanBytes,
      !fills.contains(where: { $0.span.overlaps(span) })
    else { return nil }
    return ReadingAhead.Place(span: span, revision: document.revision)
  }
}
