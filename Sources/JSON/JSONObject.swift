internal import Strings

/// Members of a JSON object in the order they were first written; of members with one key the last
/// value counts. Keys are equal when their bytes are.
public struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  public private(set) var keys: [String] = []
  public private(set) var values: [JSONValue] = []
  /// Place of each key; empty while a linear search is as good.
  private var places: [ByteString: Int] = [:]
  private static let linear = 8

  public init() {}

  public init(_ members: [(String, JSONValue)]) {
    for (key, value) in members { self[key] = value }
  }

  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }

  public var count: Int { keys.count }

  /// The value of `key`. O(1); setting nil removes the member in O(count).
  public subscript(key: String) -> JSONValue? {
    get { place(of: key).map { values[$0] } }
    set {
      guard let newValue else {
        remove(key)
        return
      }
      if let place = place(of: key) {
        values[place] = newValue
        return
      }
      keys.append(key)
      values.append(newValue)
      if !places.isEmpty {
        places[ByteString(key)] = keys.count - 1
      } else if keys.count > Self.linear {
        index()
      }
    }
  }

  private func place(of key: String) -> Int? {
    if !places.isEmpty { return places[ByteString(key)] }
    return keys.firstIndex { ByteString($0) == ByteString(key) }
  }

  private mutating func remove(_ key: String) {
    guard let place = place(of: key) else { return }
    keys.remove(at: place)
    values.remove(at: place)
    places = [:]
    if keys.count > Self.linear { index() }
  }

  private mutating func index() {
    for (place, key) in keys.enumerated() { places[ByteString(key)] = place }
  }

  public static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.keys == b.keys && a.values == b.values
  }
}
