import JSON
import Strings
import Testing

@testable import Evaluation

struct WindowFileTests {
  func read(_ text: String) throws(FileError) -> WindowFile {
    try WindowFile(Array(text.utf8), file: "w", vocabularySize: 100, longest: 12)
  }

  @Test func readsBothForms() throws {
    let file = try read(
      """
      {"prefix": [1, 2], "middle": [3, 4, 5], "suffix": [], "open": {"0.5": [0, 2]}}

      {"table": "0.5", "document": [9, 8, 7, 6], "holes": [{"start": 1, "length": 2, "open": [1]}]}
      {"prefix": [], "middle": [3], "suffix": [99]}
      """)
    #expect(
      file.windows == [
        EvaluationWindow(prefix: [1, 2], middle: [3, 4, 5], suffix: [], open: [.half: [0, 2]]),
        EvaluationWindow(prefix: [], middle: [3], suffix: [99]),
      ])
    #expect(
      file.tables == [
        TableWindow(
          table: "0.5", document: [9, 8, 7, 6],
          passages: [TableWindow.Passage(start: 1, length: 2, open: [1])])
      ])
  }

  @Test(arguments: [
    ("", "w: expected windows, found none"),
    ("{", "line 1"),
    ("[1]", "line 1, prefix: expected a list, found null"),
    (#"{"prefix": [1], "middle": [], "suffix": []}"#, "line 1, middle"),
    (#"{"prefix": [100], "middle": [1], "suffix": []}"#, "expected an integer below 100"),
    (#"{"prefix": [-1], "middle": [1], "suffix": []}"#, "found -1"),
    (#"{"prefix": [1.5], "middle": [1], "suffix": []}"#, "found 1.5"),
    (#"{"prefix": [1], "middle": [1], "suffix": [], "open": {"1.0": [1]}}"#, "line 1, open"),
    (#"{"prefix": [1], "middle": [1, 1], "suffix": [], "open": {"1.0": [1, 0]}}"#, "increasing"),
    (#"{"prefix": [1], "middle": [1], "suffix": [], "open": {"0.15": []}}"#, "increasing"),
    (#"{"table": "x", "document": [1], "holes": []}"#, "line 1, holes"),
    (#"{"document": [1], "holes": []}"#, "line 1, table"),
    (
      #"{"table": "x", "document": [1], "holes": [{"start": 0, "length": 2, "open": [0]}]}"#,
      "holes"
    ),
    (
      #"{"table": "x", "document": [1, 2], "holes": [{"start": 9223372036854775807, "length": 1, "open": [0]}]}"#,
      "holes"
    ),
    (
      #"{"prefix": [1,1,1,1,1,1], "middle": [1,1,1,1,1,1], "suffix": [1]}"#,
      "at most 12 tokens, found 13"
    ),
  ])
  func refuses(_ text: String, _ message: String) {
    #expect {
      try read(text)
    } throws: { error in
      "\(error)".contains(message)
    }
  }
}
