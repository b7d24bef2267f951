internal import Strings

/// ROUGE-L (Lin 2004): the F-measure of the longest common subsequence of words.
public enum RougeL {
  /// Letters and digits in a row are a word; case does not count.
  public static func words(_ text: String) -> [String] {
    text.lowercased().split { !$0.isWordPart }.map(String.init)
  }

  /// 2 P R / (P + R) with P and R the common subsequence over the words of each text; 1 where
  /// neither has words, 0 where only one has. O(words · words).
  public static func score(_ text: String, reference: String) -> Double {
    let (a, b) = (words(text), words(reference))
    if a.isEmpty && b.isEmpty { return 1 }
    let common = longestCommonSubsequence(a, b)
    return 2 * Double(common) / Double(a.count + b.count)
  }

  /// Length of the longest common subsequence.
  static func longestCommonSubsequence<Element: Equatable>(_ a: [Element], _ b: [Element]) -> Int {
    var row = [Int](repeating: 0, count: b.count + 1)
    for element in a {
      var diagonal = 0
      for index in b.indices {
        let above = row[index + 1]
        row[index + 1] = element == b[index] ? diagonal + 1 : max(above, row[index])
        diagonal = above
      }
    }
    return row[b.count]
  }
}
