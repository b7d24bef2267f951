internal import JSON
internal import Strings

/// The members of a request's body, read by name; a value of another type is an error that names the
/// member. Null counts as absent.
struct Members {
  private let object: JSONObject
  /// Members that were asked for.
  private var known: Set<String> = []

  /// Throws for a body that is not a JSON object.
  init(_ body: [UInt8]) throws(ServiceError) {
    let value: JSONValue
    do throws(FileError) {
      value = try JSONValue.parse(body, file: "body")
    } catch {
      throw .malformed("at \(error.place), expected \(error.expected), found \(error.found)")
    }
    guard let object = value.object else { throw .malformed("it is \(value.summary)") }
    self.object = object
  }

  /// The value of a member; nil where it is absent or null.
  mutating func value(_ name: String) -> JSONValue? {
    known.insert(name)
    let value = object[name]
    return value?.isNull == true ? nil : value
  }

  /// Names that the body has and that were not asked for.
  var others: [String] { object.keys.filter { !known.contains($0) } }

  mutating func string(_ name: String) throws(ServiceError) -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.string else { throw Self.wrong(name, "a string", value) }
    return text
  }

  /// A string, or an array of strings.
  mutating func strings(_ name: String) throws(ServiceError) -> [String]? {
    guard let value = value(name) else { return nil }
    if let text = value.string { return [text] }
    let texts = value.array?.compactMap(\.string)
    guard let texts, texts.count == value.array?.count else {
      throw Self.wrong(name, "a string or an array of strings", value)
    }
    return texts
  }

  mutating func bool(_ name: String) throws(ServiceError) -> Bool? {
    guard let value = value(name) else { return nil }
    guard let truth = value.bool else { throw Self.wrong(name, "true or false", value) }
    return truth
  }

  mutating func int(_ name: String, in range: ClosedRange<Int>) throws(ServiceError) -> Int? {
    guard let value = value(name) else { return nil }
    guard let number = value.int, range.contains(number) else {
      let expected =
        range == Int.min...Int.max
        ? "an integer" : "an integer in \(range.lowerBound)...\(range.upperBound)"
      throw Self.wrong(name, expected, value)
    }
    return number
  }

  mutating func number(_ name: String, in range: ClosedRange<Double>) throws(ServiceError)
    -> Double?
  {
    guard let value = value(name) else { return nil }
    guard let number = value.double, range.contains(number) else {
      throw Self.wrong(name, "a number in \(range.lowerBound)...\(range.upperBound)", value)
    }
    return number
  }

  static func wrong(_ name: String, _ expected: String, _ found: JSONValue) -> ServiceError {
    .invalid(member: name, expected: expected, found: found.summary)
  }
}
