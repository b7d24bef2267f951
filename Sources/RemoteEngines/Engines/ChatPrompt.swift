/// The question to a chat model that is to write a passage.
enum ChatPrompt {
  static func text(for gap: Gap) -> String {
    let task =
      gap.instruction.map { "Rewrite the passage in a text. What it is to become: \($0)" }
      ?? "Write the passage that is missing in a text: it follows from what stands before it and "
      + "leads on to what stands after it."
    let passage = gap.original.isEmpty ? "" : "\n<passage>\(gap.original)</passage>"
    return """
      \(task)
      Answer with the new passage alone, about as long as the old one, without quotation marks or \
      comments.
      <before>\(gap.prefix)</before>\(passage)
      <after>\(gap.suffix)</after>
      """
  }
}
