public import Checkpoints
internal import JSON
internal import RegularExpressions
public import Strings

/// How a checkpoint marks the turns of a conversation.
///
/// The templates of checkpoints are programs (Jinja); the families here need none of that: a turn
/// is a header, the text, and an end. What differs within a family, a default system turn or what
/// follows the answer's header, is found in the checkpoint's template text.
public struct ChatTemplate: Sendable, Equatable {
  public enum Role: String, Sendable, CaseIterable {
    case system, user, assistant
  }

  public struct Message: Sendable, Equatable {
    public var role: Role
    public var content: String
    /// The ids of pictures, which stand before the content.
    public var pictures: [Int]

    public init(_ role: Role, _ content: String, pictures: [Int] = []) {
      self.role = role
      self.content = content
      self.pictures = pictures
    }
  }

  /// A stretch of a prompt: a control token by its spelling, text, or the ids of pictures.
  public enum Part: Sendable, Equatable {
    case token(String)
    case text(String)
    case pictures([Int])
  }

  /// `chatml`, `headers` or `roles`.
  public var family: String
  /// Before the first turn.
  public var leading: [Part]
  public var headers: [Role: [Part]]
  /// After the text of every turn.
  public var end: [Part]
  /// After the header of the turn to be written.
  public var answerStart: [Part]
  /// The system turn of a conversation without one; nil adds no turn.
  public var defaultSystem: String?
  /// White space around a turn's text is left out.
  public var trimsContent: Bool

  /// The prompt's parts, up to where the answer begins.
  public func parts(_ messages: [Message], answering: Bool = true) -> [Part] {
    var messages = messages
    if let defaultSystem, messages.first?.role != .system {
      messages.insert(Message(.system, defaultSystem), at: 0)
    }
    var parts = leading
    for message in messages {
      parts += headers[message.role] ?? []
      if !message.pictures.isEmpty { parts.append(.pictures(message.pictures)) }
      parts.append(.text(trimsContent ? Self.trimmed(message.content) : message.content))
      parts += end
    }
    if answering { parts += (headers[.assistant] ?? []) + answerStart }
    return parts
  }

  /// The prompt as text, with control tokens spelled out and pictures left out.
  public func prompt(_ messages: [Message], answering: Bool = true) -> String {
    parts(messages, answering: answering).map {
      switch $0 {
      case .token(let text), .text(let text): text
      case .pictures: ""
      }
    }.joined()
  }

  /// The ids of the prompt. Control tokens spelled inside a message stay text.
  public func ids(
    _ messages: [Message], tokenizer: Tokenizer, answering: Bool = true
  ) -> [Int] {
    var ids: [Int] = []
    var text = ""
    for part in parts(messages, answering: answering) {
      switch part {
      case .text(let more): text += more
      case .pictures(let pictures):
        ids += tokenizer.encode(text) + pictures
        text = ""
      case .token(let spelling):
        guard let id = tokenizer.id(of: spelling) else {
          text += spelling
          continue
        }
        ids += tokenizer.encode(text) + [id]
        text = ""
      }
    }
    return ids + tokenizer.encode(text)
  }

  private static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(scalars[start...end])
  }
}

extension ChatTemplate {
  /// The template of a checkpoint, or nil where its tokenizer has the tokens of no known family.
  public init?(_ checkpoint: Checkpoint, tokenizer: Tokenizer) throws(FileError) {
    self.init(tokenizer: tokenizer, source: try Self.source(of: checkpoint))
  }

  /// The text of a checkpoint's Jinja template; nil without one.
  public static func source(of checkpoint: Checkpoint) throws(FileError) -> String? {
    guard checkpoint.gguf == nil else {
      return checkpoint.gguf?.metadata["tokenizer.chat_template"]?.string
    }
    if let source = try checkpoint.jsonCompanion("tokenizer_config.json")?["chat_template"]?.string
    {
      return source
    }
    guard let file = try checkpoint.companion("chat_template.jinja") else { return nil }
    return unsafe String(decoding: file.bytes, as: UTF8.self)
  }

  /// - Parameter source: the text of the checkpoint's Jinja template.
  public init?(tokenizer: Tokenizer, source: String?) {
    func has(_ spellings: String...) -> Bool {
      spellings.allSatisfy { tokenizer.id(of: $0) != nil }
    }
    let source = source ?? ""
    if has("<|im_start|>", "<|im_end|>") {
      self = .chatML
      defaultSystem = Self.defaultSystem(source)
      // A template that knows thinking closes the thought of an answer that shall have none; one that
      // never thinks always does.
      if ["enable_thinking", "<think></think>"].contains(where: source.contains),
        has("<think>", "</think>")
      {
        answerStart = [.token("<think>"), .token("</think>")]
      }
    } else if has("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>") {
      self = .headerTags
      if source.contains("bos_token"), let id = tokenizer.special.beginning,
        let spelling = tokenizer.spelling(of: id)
      {
        leading = [.token(spelling)]
      }
    } else if has("<|role_end|>") {
      self = .roleTags
    } else {
      return nil
    }
  }

  /// ChatML: Qwen, Dream, SDAR, Fast-dLLM v2, Nemotron, SmolLM2.
  static let chatML = ChatTemplate(
    family: "chatml", headers: { [.token("<|im_start|>"), .text($0.rawValue + "\n")] },
    end: [.token("<|im_end|>"), .text("\n")], trimsContent: false)

  /// Llama 3 and LLaDA.
  static let headerTags = ChatTemplate(
    family: "headers",
    headers: {
      [
        .token("<|start_header_id|>"), .text($0.rawValue), .token("<|end_header_id|>"),
        .text("\n\n"),
      ]
    }, end: [.token("<|eot_id|>")], trimsContent: true)

  /// LLaDA 2.
  static let roleTags = ChatTemplate(
    family: "roles",
    headers: {
      let name = $0 == .user ? "HUMAN" : $0.rawValue.uppercased()
      return [.token("<role>"), .text(name), .token("</role>")]
    }, end: [.token("<|role_end|>")], trimsContent: false)

  private init(
    family: String, headers: (Role) -> [Part], end: [Part], trimsContent: Bool
  ) {
    self.family = family
    leading = []
    self.headers = Dictionary(uniqueKeysWithValues: Role.allCases.map { ($0, headers($0)) })
    self.end = end
    answerStart = []
    defaultSystem = nil
    self.trimsContent = trimsContent
  }

  /// The literal system turn that a ChatML template writes where the conversation has none.
  private static func defaultSystem(_ source: String) -> String? {
    guard
      let pattern = try? RegularExpression(
        #"<\|im_start\|>system(?:\n|\\n)([^'"{}]*?)(?:\n|\\n)?<\|im_end\|>"#),
      let group = (try? pattern.matches(in: source))?.first?.groups.first, let range = group
    else { return nil }
    return String(decoding: Array(source.utf8)[range], as: UTF8.self)
  }
}
