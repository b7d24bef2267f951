import JSON
import Streaming
import Testing

struct NDJSONTests {
  private func parse(_ parts: [ArraySlice<UInt8>]) throws -> [JSONValue] {
    var parser = NDJSONParser()
    var values: [JSONValue] = []
    for part in parts { values += try parser.parse(part) }
    if let last = try parser.finish() { values.append(last) }
    return values
  }

  @Test func everySplitGivesTheSameValues() throws {
    let values: [JSONValue] = [["response": "naïve\n🙂"], ["done": true], 3]
    var bytes = values.flatMap(\.line)
    bytes.insert(UInt8(ascii: "\n"), at: 0)
    bytes.removeLast()
    for cut in 0...bytes.count {
      #expect(try parse([bytes[..<cut], bytes[cut...]]) == values, "cut at \(cut)")
    }
    #expect(try parse(bytes.indices.map { bytes[$0...$0] }) == values)
  }

  @Test func aLineThatIsNoJSONIsReportedOnOneLine() {
    #expect(
      throws: StreamError.malformed(expected: "a JSON value", found: "“<” at 1:1")
    ) { try parse([Array("{}\n<html>\n".utf8)[...]]) }
    #expect(throws: StreamError.self) { try parse([Array("{\"a\":".utf8)[...]]) }
  }
}
