/// The printable characters that byte-level vocabularies spell bytes with (GPT-2): a byte that
/// prints in Latin-1 is its own character, the others are U+0100 onwards in order.
enum ByteAlphabet {
  /// The character of each byte.
  static let characters: [Unicode.Scalar] = {
    var others = (UInt16(0x100)...0x143).compactMap(Unicode.Scalar.init)[...]
    return (UInt8.min...UInt8.max).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: Unicode.Scalar(byte)
      default: others.removeFirst()
      }
    }
  }()

  /// The byte of each character below U+0144, -1 for characters outside the alphabet.
  private static let bytes: [Int16] = {
    var table = [Int16](repeating: -1, count: 0x144)
    for (byte, character) in characters.enumerated() { table[Int(character.value)] = Int16(byte) }
    return table
  }()

  /// Appends the bytes of `spelling`: by the alphabet if every character is in it, else its UTF-8.
  static func append(_ spelling: String, to output: inout [UInt8]) {
    let start = output.count
    for scalar in spelling.unicodeScalars {
      let byte = scalar.value < 0x144 ? bytes[Int(scalar.value)] : -1
      guard byte >= 0 else {
        output.removeSubrange(start...)
        output += spelling.utf8
        return
      }
      output.append(UInt8(byte))
    }
  }

  /// The spelling of `bytes`.
  static func spelling(of bytes: some Sequence<UInt8>) -> String {
    var result = ""
    for byte in bytes { result.unicodeScalars.append(characters[Int(byte)]) }
    return result
  }
}
