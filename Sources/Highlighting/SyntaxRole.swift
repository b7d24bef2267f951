/// What a piece of a language is, and so how a theme shows it. Raw values are those of rule files.
public enum SyntaxRole: String, Sendable, CaseIterable {
  case comment
  case string
  /// Escapes and placeholders in strings.
  case escape
  case number
  /// Words with a fixed value: `true`, `nil`.
  case constant
  case keyword
  case type
  case function
  /// Variables that are marked as such: `$HOME`.
  case variable
  /// Annotations, and names of the parts of tags.
  case attribute
  case `operator`
  /// Names of tags, and keys of settings.
  case tag
  case heading
  case strong
  case emphasis
  /// Code within prose.
  case code
  case link
  case quote
  /// Marks of lists, rules and fences.
  case marker
  /// Lines of a comparison.
  case added, removed, changed
  case error
}
