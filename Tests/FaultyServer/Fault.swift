/// A way in which a service misbehaves.
public enum Fault: String, Sendable, CaseIterable {
  // It stalls: the client has to give up at its deadline, and at once when it is told to.
  case stallsBeforeReading
  case stallsBeforeHead
  case stallsInHead
  case stallsAfterHead
  case stallsInEvent
  case stallsInCharacter
  case stallsBetweenEvents
  case stallsBeforeEnd
  /// A byte every second.
  case trickles

  // It sends too much.
  /// As many events as the connection takes, without an end.
  case floods
  /// An event every few milliseconds, without an end.
  case neverEnds
  case sendsHugeEvent
  case sendsEndlessLine
  case sendsEndlessHead

  // It cuts or decorates what it sends; the text is whole.
  case splitsCharacters
  case splitsEvents
  case usesCarriageReturns
  case sendsComments
  case omitsDone

  // What it sends is not text for a document.
  case sendsEscapes
  case sendsInvalidUTF8
  case repeatsEvents
  case ignoresSuffix
  case appendsSuffix
  case sendsNothing

  // It breaks off.
  case closesAtOnce
  case dropsInHead
  case dropsInEvent
  case dropsBetweenEvents
  case resets
  case announcesTooMuch

  // It reports an error.
  case refusesKey
  case limitsRate
  case limitsRateWithoutTime
  case limitsRateForHours
  case fails
  case failsInStream
  case isOverloaded
  case sendsPage
  case failsWithPage
  case redirects

  // It breaks its own protocol.
  case sendsMalformedJSON
  case sendsWrongTypes
  case sendsDeepJSON
  case sendsIDsOutOfRange
  case sendsWrongLengths

  /// Whether the whole text arrives in spite of it, so that a client has to take it.
  public var isHarmless: Bool {
    switch self {
    case .splitsCharacters, .splitsEvents, .usesCarriageReturns, .sendsComments, .omitsDone: true
    default: false
    }
  }

  /// Whether the connection stays open until the client closes it.
  public var isEndless: Bool {
    switch self {
    case .stallsBeforeReading, .stallsBeforeHead, .stallsInHead, .stallsAfterHead, .stallsInEvent,
      .stallsInCharacter, .stallsBetweenEvents, .stallsBeforeEnd, .trickles, .floods, .neverEnds,
      .sendsEndlessLine, .sendsEndlessHead, .announcesTooMuch:
      true
    default: false
    }
  }
}
