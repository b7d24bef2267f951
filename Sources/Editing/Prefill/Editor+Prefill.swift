internal import Documents
internal import Infilling

extension Editor {
  /// What is done after every event. No model is loaded for it.
  mutating func attendToPrefill() { effects += prefill.handle(.selection(placeToRead)) }

  /// The selection has rested.
  mutating func prefillAtRest() {
    guard let place = prefill.place else { return }
    effects += prefill.handle(.rested(request(for: place.span, settings: settings.infill)))
  }

  /// A selection that could be filled as it is; nil if there is none or the engine is busy.
  private var placeToRead: Prefill.Place? {
    guard knownModel != nil, mode == .text, !selection.isEmpty, refusalToEdit == nil,
      !isEngineWanted, let span = spanToRewrite(), span.count <= settings.longestSpanBytes,
      !passages.contains(where: { $0.span.overlaps(span) })
    else { return nil }
    return Prefill.Place(span: span, revision: document.revision)
  }
}
