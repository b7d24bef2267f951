internal import DecodingPolicies
internal import Documents
internal import Infilling

extension Command {
  static let pictures: [Command] = [
    Command("toggle-pictures", "Show pictures to the model, or not") {
      $0.togglePictures()
    },
    Command("alt-text", "Fill the description of this picture") {
      $0.fillAltText()
    },
  ]
}

extension Editor {
  /// Slots of a description that is empty.
  private static let altSlots = 16
  /// Bytes on either side of the cursor in which a reference is looked for.
  private static let referenceReach = 4000

  /// The pictures that a passage is written beside: those that the document refers to before and
  /// around it, the last of them, or that which the passage describes. Files are not looked at.
  func pictures(for span: Range<Int>) -> PictureContext {
    var pictures = PictureContext(longestEdge: settings.pictureEdge)
    guard settings.showsPictures, let path = document.path, let format = DocumentFormat(path: path)
    else { return pictures }
    let start = max(0, span.lowerBound - settings.prefixBytes)
    let paragraph = document.text.paragraphRange(at: span.upperBound).upperBound
    let end = min(
      document.text.count, max(paragraph, span.upperBound + PicturesInView.reachAfter))
    let found = format.pictures(in: document.text.bytes(in: start..<end), at: start)
    let own = found.first { reference in
      reference.alt.map {
        $0.lowerBound <= span.lowerBound && span.upperBound <= $0.upperBound
      } ?? false
    }
    for reference in own.map({ [$0] }) ?? Array(found.reversed())
    where pictures.paths.count < PicturesInView.mostPictures {
      let file = reference.file(beside: path)
      if !pictures.paths.contains(file) { pictures.paths.insert(file, at: 0) }
    }
    return pictures
  }

  // MARK: The status line

  /// What is done after every event.
  mutating func attendToPictures() {
    // Of a model that is not known yet, this is found out where there are pictures.
    let maySee = seesPictures != false && settings.showsPictures
    guard maySee, document.path.flatMap({ DocumentFormat(path: $0) }) != nil else {
      effects += picturesInView.handle(.moved(nil))
      return
    }
    let span = focusedPassage?.span ?? selection.range
    effects += picturesInView.handle(
      .moved(PicturesInView.Place(span: span, revision: document.revision)))
  }

  /// The cursor has rested, or the model's outline is there.
  mutating func picturesAtRest() {
    guard let place = picturesInView.place else { return }
    let pictures = pictures(for: place.span)
    if seesPictures == nil {
      if !pictures.paths.isEmpty { emit(.outlineModel) }
    } else if seesPictures == true {
      effects += picturesInView.handle(.rested(pictures))
    }
  }

  mutating func picturesUnread(_ pictures: [UnreadPicture]) {
    effects += picturesInView.handle(.unread(pictures))
    guard let news = picturesInView.news else { return }
    show(.pictureUnread(DisplayForm.visible(news.path), news.reason))
  }

  // MARK: Commands

  mutating func togglePictures() {
    if seesPictures == false { return show(.seesNoPictures) }
    settings.showsPictures.toggle()
    show(.pictures(settings.showsPictures))
  }

  /// Refills the description of the picture under the cursor, or fills an empty one, with that
  /// picture in view.
  mutating func fillAltText() {
    guard focusedPassage == nil else { return show(.alreadyUnderReview) }
    guard let alt = altText(at: selection.head) else { return show(.noAltText) }
    if seesPictures == false { return show(.seesNoPictures) }
    if alt.isEmpty {
      var infill = settings.infill
      infill.slots = Self.altSlots
      begin(on: alt, settings: infill)
    } else {
      select(alt)
      rewrite()
    }
  }

  /// Bytes of the description in the reference that holds `offset`.
  private func altText(at offset: Int) -> Range<Int>? {
    guard let path = document.path, let format = DocumentFormat(path: path) else { return nil }
    let text = document.text
    let start = max(0, offset - Self.referenceReach)
    let end = min(text.count, offset + Self.referenceReach)
    return format.pictures(in: text.bytes(in: start..<end), at: start)
      .first { $0.range.lowerBound <= offset && offset <= $0.range.upperBound }?.alt
  }
}
