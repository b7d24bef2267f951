import Documents
import Editing
import Testing

@testable import Settings

struct EditorConfigTests {
  private func load(_ path: String, _ files: [String: String]) -> Loaded<DocumentStyle> {
    EditorConfig.style(of: path) { files[$0] }
  }

  private func style(_ text: String, of path: String = "/p/a.txt") -> DocumentStyle {
    load(path, ["/p/.editorconfig": text]).value
  }

  @Test func allProperties() {
    let style = style(
      """
      ; a remark
      # another
      root = true

      [*]
      indent_style = space
      indent_size = 2
      tab_width = 8
      end_of_line = crlf
      charset = utf-16le
      trim_trailing_whitespace = TRUE
      insert_final_newline: true
      max_line_length = 100
      spelling_language = en
      """)
    #expect(style.indent == .blanks && style.indentWidth == 2 && style.tabWidth == 8)
    #expect(style.newLineEnds == .crlf)
    #expect(style.newFormat == FileFormat(.utf16LE, hasByteOrderMark: true))
    #expect(style.trimsBlanks && style.endsWithNewline && style.lineLength == 100)
    #expect(
      style.values.first
        == DocumentStyle.Value(
          name: "indent_style", value: "space", source: "/p/.editorconfig:6"))
    #expect(style.values.count == 8)
  }

  @Test func widthsFollowFromOneAnother() {
    #expect(style("[*]\nindent_size = 3").tabWidth == 3)
    #expect(style("[*]\nindent_size = tab\ntab_width = 5").indentWidth == 5)
    let tabs = style("[*]\nindent_style = tab\ntab_width = 6")
    #expect(tabs.indent == .tabs && tabs.indentWidth == 6 && tabs.tabWidth == 6)
    let bare = style("[*]\nindent_style = tab")
    #expect(bare.indent == .tabs && bare.indentWidth == nil && bare.tabWidth == nil)
    #expect(style("[*]\nmax_line_length = off").lineLength == nil)
  }

  @Test func nearerFilesAndLaterSectionsCountMore() {
    let files = [
      "/.editorconfig": "[*]\nindent_size = 1",
      "/p/.editorconfig": "root = true\n[*]\nindent_size = 2\ntab_width = 7\n[*.md]\ntab_width = 3",
      "/p/q/.editorconfig":
        "[*.txt]\nindent_size = 4\n[/a.txt]\nindent_size = 5\n[x/a.txt]\ntab_width = 9",
    ]
    #expect(load("/p/q/b.txt", files).value.indentWidth == 4)
    #expect(load("/p/q/a.txt", files).value.indentWidth == 5)
    #expect(load("/p/q/r/a.txt", files).value.indentWidth == 4)
    #expect(load("/p/q/x/a.txt", files).value.tabWidth == 9)
    #expect(load("/p/q/a.md", files).value.tabWidth == 3)
    #expect(load("/p/q/a.md", files).value.indentWidth == 2)
    #expect(load("/a.txt", files).value.indentWidth == 1)
    // A root ends the search.
    #expect(
      load(
        "/p/c.txt",
        ["/.editorconfig": "[*]\nindent_style = tab", "/p/.editorconfig": "Root = True"]
      ).value.indent == nil)
    #expect(load("relative", files).value == DocumentStyle())
  }

  @Test func unsetTakesBack() {
    let files = [
      "/.editorconfig": "[*]\nindent_style = tab\nindent_size = 4",
      "/p/.editorconfig": "[*]\nindent_style = unset",
    ]
    let style = load("/p/a", files).value
    #expect(
      style.indent == nil && style.indentWidth == 4 && style.values.map(\.name) == ["indent_size"])
  }

  @Test func faultsHaveTheirLines() {
    let loaded = load(
      "/p/a.txt",
      [
        "/p/.editorconfig": """
        what is this
        [*
        indent_size = 9
        [*.md]
        charset = koi8-r
        [*]
        indent_size = wide
        end_of_line = cr
        tab_width = 0
        = 5
        insert_final_newline = true
        """
      ])
    #expect(
      loaded.warnings.map { "\($0)" } == [
        "/p/.editorconfig:1: expected NAME = VALUE, found “what is this”",
        "/p/.editorconfig:2: expected [PATTERN], found “[*”",
        "/p/.editorconfig:7: indent_size: expected a whole number from 1 to 100, or tab, found “wide”",
        "/p/.editorconfig:8: end_of_line: expected lf or crlf, found “cr”",
        "/p/.editorconfig:9: tab_width: expected a whole number from 1 to 100, found “0”",
        "/p/.editorconfig:10: expected NAME = VALUE, found “= 5”",
      ])
    // What is not faulty counts.
    #expect(loaded.value.endsWithNewline && loaded.value.indentWidth == nil)
    #expect(loaded.value.values.map(\.name) == ["insert_final_newline"])
  }

  @Test func controlCharactersAreNotRepeated() {
    let loaded = load("/a", ["/.editorconfig": "[*]\ncharset = \u{1B}[2J"])
    #expect(loaded.warnings.count == 1)
    #expect(!"\(loaded.warnings[0])".unicodeScalars.contains("\u{1B}"))
  }

  @Test func anyBytesAreRead() {
    for text in ["\u{FEFF}root = true\r\n[*]\r\nindent_size = 2\r\n", "[*]\rindent_size=2"] {
      #expect(style(text).indentWidth == 2)
    }
    for text in ["", "[", "[]", "[]]", "=", "[\0]\n\0=\0", String(repeating: "[*]\n", count: 1000)]
    {
      _ = style(text)
    }
  }
}
