import TestSupport

/// Bytes of the kind that break editors: CR LF, joiners, marks, stray bytes, wide characters.
func awkwardBytes(_ random: inout RandomSource) -> [UInt8] {
  let pieces = [
    "a", "word", " ", "\n", "\r\n", "\r", "é", "e\u{301}", "\u{200D}", "👩‍🌾", "🇩🇪", "日本", "\t",
    "\u{0}", "\u{1B}[31m", "\u{202E}", "“", ".",
  ].map { Array($0.utf8) }
  let stray: [[UInt8]] = [[0xFF], [0xC3], [0xE2, 0x82], [0x80], [0xF0, 0x9F], [0x0A], [0x0D]]
  var result: [UInt8] = []
  for _ in 0..<Int.random(in: 0...4, using: &random) {
    let all = Int.random(in: 0..<4, using: &random) == 0 ? stray : pieces
    result += all[Int.random(in: 0..<all.count, using: &random)]
  }
  return result
}

func randomRange(_ count: Int, _ random: inout RandomSource) -> Range<Int> {
  let start = Int.random(in: 0...count, using: &random)
  let length =
    Int.random(in: 0..<20, using: &random) == 0
    ? Int.random(in: 0...count - start, using: &random)
    : Int.random(in: 0...min(6, count - start), using: &random)
  return start..<start + length
}
