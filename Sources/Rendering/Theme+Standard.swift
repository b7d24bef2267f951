extension Theme {
  /// The built-in theme, so that no file is needed to start. The same as `Themes/dark.toml`.
  public static let standard: Theme = {
    let ink = Color(0x15161a)
    let shade = Color(0x1e1f25)
    let bar = Color(0x2a2c35)
    let line = Color(0x777a86)
    let dust = Color(0x8b8e9a)
    let vellum = Color(0xd9d5c8)
    let white = Color(0xf4f1e8)
    let leaf = Color(0x7ee08a)
    let rose = Color(0xe8829f)
    let wine = Color(0xde9db2)
    let iris = Color(0xb9a6e7)
    let sky = Color(0xb3cff9)
    let amber = Color(0xe0ab5e)
    let moss = Color(0xa9c48c)
    let night = Color(0x3a4163)
    let sepia = Color(0x6b5318)
    let rust = Color(0x3d2f22)
    let brick = Color(0x6e3030)
    let well = Color(0x1b1f29)
    let mist = Color(0x7d8698)
    let smoke = Color(0x5d6577)
    let fog = Color(0xa3acbe)
    return Theme(
      name: "palimpsest-dark", appearance: .dark,
      styles: [
        .text: Style(foreground: vellum, background: ink),
        .gutter: Style(foreground: line),
        .gutterCurrent: Style(foreground: dust),
        .gutterPin: Style(foreground: amber, attributes: .bold),
        .currentLine: Style(background: shade),
        .wrapMark: Style(foreground: line),
        .control: Style(foreground: rose),
        .unfocused: Style(foreground: line),
        .misspelt: Style(foreground: rose, attributes: .underline),
        .bracket: Style(background: night, attributes: .bold),
        .selection: Style(background: night),
        .match: Style(foreground: white, background: sepia),
        .doubt: Style(background: rust, attributes: .underline),
        .doubtStrong: Style(
          foreground: white, background: brick, attributes: [.bold, .underline]),
        .passage: Style(background: well),
        .maskLow: Style(foreground: smoke),
        .maskMedium: Style(foreground: mist),
        .maskHigh: Style(foreground: fog),
        .fresh: Style(foreground: leaf, attributes: .bold),
        .draftLow: Style(foreground: wine, attributes: [.italic, .underline]),
        .draftMedium: Style(foreground: iris, attributes: [.italic, .underline]),
        .draftHigh: Style(foreground: sky, attributes: .underline),
        .pinned: Style(foreground: ink, background: amber, attributes: .bold),
        .settled: Style(foreground: white),
        .original: Style(foreground: dust, attributes: .italic),
        .removed: Style(foreground: rose),
        .added: Style(foreground: leaf, attributes: .bold),
        .review: Style(background: night, attributes: .bold),
        .status: Style(foreground: vellum, background: bar),
        .statusFile: Style(foreground: white, background: bar, attributes: .bold),
        .statusState: Style(foreground: ink, background: leaf, attributes: .bold),
        .statusFailure: Style(foreground: ink, background: rose, attributes: .bold),
        .barDone: Style(foreground: leaf, background: bar),
        .barLeft: Style(foreground: line, background: bar),
        .hint: Style(foreground: dust),
        .hintKey: Style(foreground: amber),
        .note: Style(foreground: vellum),
        .warning: Style(foreground: amber),
        .failure: Style(foreground: rose, attributes: .bold),
        .prompt: Style(foreground: amber, attributes: .bold),
        .promptInput: Style(foreground: white),
        .help: Style(foreground: vellum, background: shade),
        .helpTitle: Style(foreground: leaf, background: shade, attributes: .bold),
        .helpKey: Style(foreground: amber, background: shade),
        .offScreen: Style(foreground: leaf, background: bar, attributes: .bold),
        .syntaxComment: Style(foreground: dust, attributes: .italic),
        .syntaxString: Style(foreground: moss),
        .syntaxEscape: Style(foreground: amber),
        .syntaxNumber: Style(foreground: iris),
        .syntaxConstant: Style(foreground: iris),
        .syntaxKeyword: Style(foreground: rose),
        .syntaxType: Style(foreground: amber),
        .syntaxFunction: Style(foreground: sky),
        .syntaxVariable: Style(foreground: wine),
        .syntaxAttribute: Style(foreground: wine),
        .syntaxOperator: Style(foreground: fog),
        .syntaxTag: Style(foreground: sky),
        .syntaxHeading: Style(foreground: amber, attributes: .bold),
        .syntaxStrong: Style(attributes: .bold),
        .syntaxEmphasis: Style(attributes: .italic),
        .syntaxCode: Style(foreground: moss),
        .syntaxLink: Style(foreground: sky),
        .syntaxQuote: Style(foreground: dust, attributes: .italic),
        .syntaxMarker: Style(foreground: rose),
        .syntaxAdded: Style(foreground: leaf),
        .syntaxRemoved: Style(foreground: rose),
        .syntaxChanged: Style(foreground: iris),
        .syntaxError: Style(foreground: rose, attributes: .underline),
      ])
  }()
}
