internal import Strings

/// Tokens by id, and ids by spelling. Ids without a token have an empty spelling.
struct Vocabulary: Sendable {
  /// As the file spells them.
  private(set) var spellings: [String]
  /// Canonically equivalent spellings are different tokens.
  private var ids: [ByteString: Int32] = [:]
  /// Bytes of all tokens, one after another, and where each begins.
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]

  /// - Parameters:
  ///   - entries: tokens with their ids; of two with one spelling the last counts.
  ///   - added: tokens that are not found by spelling; they replace an entry of their id.
  ///   - verbatim: whether the bytes of added tokens are their UTF-8 even if the byte alphabet
  ///     could read them.
  /// - Precondition: ids are in 0..<count.
  init(
    count: Int, entries: [(spelling: String, id: Int)], added: [AddedToken], verbatim: Bool
  ) {
    spellings = [String](repeating: "", count: count)
    ids.reserveCapacity(entries.count)
    for (spelling, id) in entries {
      spellings[id] = spelling
      ids[ByteString(spelling)] = Int32(id)
    }
    var own: Set<Int> = []
    for token in added {
      spellings[token.id] = token.content
      if verbatim { own.insert(token.id) }
    }
    bytes.reserveCapacity(8 * count)
    starts.reserveCapacity(count + 1)
    for (id, spelling) in spellings.enumerated() {
      if own.contains(id) {
        bytes += spelling.utf8
      } else {
        ByteAlphabet.append(spelling, to: &bytes)
      }
      starts.append(bytes.count)
    }
  }

  var count: Int { spellings.count }

  func id(of spelling: String) -> Int? { ids[ByteString(spelling)].map(Int.init) }

  /// The bytes of token `id`; none for an id out of range.
  func bytes(of id: Int) -> ArraySlice<UInt8> {
    guard spellings.indices.contains(id) else { return [] }
    return bytes[starts[id]..<starts[id + 1]]
  }
}
