internal import OrderedCollections
internal import Strings

/// Members of a JSON object in the order they were first written; of members with one key the last
/// value counts. Keys are equal when their bytes are.
public struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  private var members: OrderedDictionary<ByteString, JSONValue> = [:]

  public init() {}

  public init(_ members: [(String, JSONValue)]) {
    for (key, value) in members { self[key] = value }
  }

  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }

  public var count: Int { members.count }

  /// O(count).
  public var keys: [String] { members.keys.map(\.text) }

  /// In the order of `keys`. O(count).
  public var values: [JSONValue] { Array(members.values) }

  /// The value of `key`. O(1); setting nil removes the member in O(count).
  public subscript(key: String) -> JSONValue? {
    get { members[ByteString(key)] }
    set { members[ByteString(key)] = newValue }
  }
}
