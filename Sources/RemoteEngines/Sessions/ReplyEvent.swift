public import JSON

/// A token, or a portion of text, as a service returned it.
public struct ReplyToken: Sendable, Equatable {
  public var text: String
  /// ln p; nil where the service returned none.
  public var logProbability: Double?
  /// Others that were considered, likeliest first.
  public var others: [Other]

  public struct Other: Sendable, Equatable {
    public var text: String
    public var logProbability: Double
  }

  public init(_ text: String, logProbability: Double? = nil, others: [Other] = []) {
    self.text = text
    self.logProbability = logProbability
    self.others = others
  }
}

/// A slot of a canvas that shows a token.
public struct ReplySlot: Sendable, Equatable {
  public var text: String
  /// 0...1.
  public var confidence: Double
}

/// What a part of a reply says about one of the tries that were asked for.
public enum ReplyEvent: Sendable, Equatable {
  /// The text goes on.
  case append([ReplyToken])
  /// The whole text as it stands, with noise where it is not settled.
  case whole(String, isSettled: Bool)
  /// What follows the text so far, until the next event.
  case canvas(String, step: Int, of: Int)
  /// The canvas after a step, nil for a mask; its text follows as `append` once it is complete.
  case slots([ReplySlot?], step: Int)
  /// What the service wants to be known.
  case notice(String)
  /// The text is complete; `isCut`: as long as it may be.
  case finished(isCut: Bool)

  /// Whether it replaces what was shown before.
  var isFrame: Bool {
    switch self {
    case .whole, .canvas, .slots: true
    case .append, .notice, .finished: false
    }
  }

  var isLast: Bool { if case .finished = self { true } else { false } }
}

/// An event and the try it belongs to; nil is all of them.
public struct Reply: Sendable, Equatable {
  public var choice: Int?
  public var event: ReplyEvent

  public init(_ event: ReplyEvent, choice: Int? = 0) {
    self.event = event
    self.choice = choice
  }
}

/// What an engine asks of its service for one gap.
public struct EngineCall: Sendable, Equatable {
  public enum Format: Sendable { case events, lines, document }

  /// Below the base address.
  public var path: String
  /// nil for a GET.
  public var body: JSONValue?
  public var format: Format

  public init(_ path: String, _ body: JSONValue? = nil, format: Format = .document) {
    self.path = path
    self.body = body
    self.format = format
  }
}
