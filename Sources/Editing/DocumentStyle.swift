public import Documents

/// How a document is to be written, as files beside it say (`.editorconfig`). What is nil is left to the
/// settings or to the text.
public struct DocumentStyle: Sendable, Equatable {
  public enum Indent: Sendable, Equatable { case tabs, blanks }

  /// What is in force, and where it comes from.
  public struct Value: Sendable, Equatable {
    /// As the file names it: `indent_size`.
    public var name: String
    public var value: String
    /// The file with its line: `/home/me/.editorconfig:3`.
    public var source: String

    public init(name: String, value: String, source: String) {
      self.name = name
      self.value = value
      self.source = source
    }
  }

  /// What Tab inserts; nil for what the lines around begin with.
  public var indent: Indent?
  /// Columns of a level of indent.
  public var indentWidth: Int?
  /// Columns between tab stops.
  public var tabWidth: Int?
  /// Line ends of a new file.
  public var newLineEnds: LineEnding?
  /// Encoding of a new file.
  public var newFormat: FileFormat?
  /// Saving removes blanks at the ends of lines.
  public var trimsBlanks = false
  /// Saving adds a line end after the last line.
  public var endsWithNewline = false
  /// Columns at which lines are wrapped.
  public var lineLength: Int?
  /// All that is in force, by name; for the reader.
  public var values: [Value] = []

  public init() {}
}

extension Editor {
  /// Columns between tab stops.
  var tabWidth: Int { style.tabWidth ?? settings.tabWidth }

  /// Columns of a level of indent.
  var indentWidth: Int { style.indentWidth ?? tabWidth }
}
