/// Rewrites `--between A B` and `--marker A B` of `fill` as two options with one value each: the
/// parser takes one value per option, and a value may begin with a dash. Other arguments are
/// unchanged.
func pairedArguments(_ arguments: [String]) -> [String] {
  guard arguments.first == "fill" else { return arguments }
  var result: [String] = []
  var rest = arguments[...]
  while let argument = rest.popFirst() {
    if argument == "--" { return result + [argument] + rest }
    if ["--between", "--marker"].contains(argument), rest.count >= 2 {
      result += ["\(argument)=\(rest.removeFirst())", "\(argument)=\(rest.removeFirst())"]
    } else {
      result.append(argument)
    }
  }
  return result
}
