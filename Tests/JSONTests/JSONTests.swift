import JSON
import Strings
import Testing

struct JSONTests {
  @Test func numbersKeepIntegersExact() throws {
    #expect(try parse("9007199254740993") == .integer(9_007_199_254_740_993))
    #expect(try parse("-0") == .integer(0))
    #expect(try parse("1e3").int == 1000)
    #expect(try parse("1e3") == .number(1000))
    #expect(try parse("0.25").double == 0.25)
    #expect(try parse("0.25").int == nil)
    #expect(try parse("9223372036854775808").double == 0x1p63)
  }

  @Test func stringsDecodeEscapes() throws {
    #expect(try parse(#""a\n\"\\\/\u00e9\ud83d\ude42é""#) == .string("a\n\"\\/é🙂é"))
    #expect(try parse(#""""#) == .string(""))
  }

  @Test func theLastOfDuplicateKeysCounts() throws {
    let value = try parse(#"{"a":1,"b":2,"a":3}"#)
    #expect(value["a"]?.int == 3)
    #expect(value.object?.keys == ["a", "b"])
    #expect(value.serialized() == #"{"a":3,"b":2}"#)
  }

  @Test func keysAreBytes() throws {
    let value = try parse("{\"\u{E9}\":1,\"e\u{301}\":2}")
    #expect(value.object?.count == 2)
    #expect(value["\u{E9}"]?.int == 1)
    #expect(value["e\u{301}"]?.int == 2)
  }

  @Test func objectsKeepTheirOrder() throws {
    var object = JSONObject()
    for number in 0..<40 { object["key \(39 - number)"] = .integer(number) }
    object["key 20"] = nil
    object["key 39"] = "first"
    let value = try parse(JSONValue.object(object).serialized())
    #expect(value.object?.keys == (0..<40).map { "key \(39 - $0)" }.filter { $0 != "key 20" })
    #expect(value["key 39"] == "first")
    #expect(value["key 20"] == nil)
    #expect(value["key 3"] == 36)
  }

  @Test func serialisedTextIsReadBack() throws {
    let value: JSONValue = [
      "text": "tab\t \u{1}\u{7F} “é” 🙂 \\ \"", "numbers": [1, -2, 0.1, 1e300, 1.5e-300],
      "none": nil, "yes": true, "empty": [:], "list": [],
    ]
    #expect(try parse(value.serialized()) == value)
    #expect(JSONValue.number(.infinity).serialized() == "null")
  }

  @Test(arguments: [
    ("", "1:1", "the end of the file"),
    ("{\n \"a\": [1,\n  x]}", "3:3", "“x”"),
    ("[1 2]", "1:4", "“2”"),
    ("[01]", "1:2", "a leading zero"),
    ("\"a\u{1}\"", "1:3", "byte 0x1"),
    ("\"\\ud800\"", "1:2", "one"),
    ("\"\\ud800\\u0041\"", "1:2", "one"),
    ("\"\\x\"", "1:2", "another one"),
    ("nul", "1:1", "another word"),
    ("[1,]", "1:4", "“]”"),
    ("{\"a\":1,}", "1:8", "“}”"),
    ("1 1", "1:3", "“1”"),
    ("1e999", "1:1", "a larger one"),
    ("-", "1:2", "the end of the file"),
    ("\"abc", "1:5", "the end of the file"),
  ])
  func errorsNameThePlace(_ text: String, _ place: String, _ found: String) {
    let error = #expect(throws: FileError.self) { try parse(text) }
    #expect(error?.place == place)
    #expect(error?.found == found)
  }

  @Test func bytesThatAreNoTextAreRefused() {
    #expect(throws: FileError.self) { try JSONValue.parse([0x22, 0xFF, 0x22], file: "x") }
    #expect(throws: FileError.self) {
      try JSONValue.parse([0x22, 0x5C, 0x6E, 0xED, 0xA0, 0x80, 0x22], file: "x")
    }
  }

  @Test func nestingEnds() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(try parse(nested(128)).array?.count == 1)
    let error = #expect(throws: FileError.self) { try parse(nested(129)) }
    #expect(error?.place == "1:129")
    #expect(throws: FileError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
  }

  private func parse(_ text: String) throws -> JSONValue {
    try JSONValue.parse(Array(text.utf8), file: "test.json")
  }
}
