extension TextEncoding {
  /// The encoding that bytes of a file are most likely in, which `decode` may still refuse. Without a byte
  /// order mark: UTF-16 where every second byte of most units is zero; UTF-8 where it is valid;
  /// ISO-8859-1 or Windows-1252 where it is not, but looks like text in a language of Western Europe.
  /// All else counts as UTF-8, whose invalid bytes are kept. `isWhole` tells whether these are all bytes
  /// of the file, and not those it begins with. O(n).
  public static func recognised(_ bytes: [UInt8], isWhole: Bool = true) -> TextEncoding {
    if bytes.starts(with: [0xFF, 0xFE]) {
      // UTF-32, unless a text begins with a NUL.
      return bytes.dropFirst(2).starts(with: [0, 0]) ? .utf8 : .utf16LE
    }
    if bytes.starts(with: [0xFE, 0xFF]) { return .utf16BE }
    if bytes.starts(with: TextEncoding.utf8.byteOrderMark) { return .utf8 }
    // Nearly all files.
    if isWhole, !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil { return .utf8 }
    var census = ByteCensus()
    census.count(bytes)
    if census.zerosAtEven + census.zerosAtOdd > 0 {
      return census.units(of: bytes, isWhole: isWhole) ?? .utf8
    }
    return census.singleByte(isWhole: isWhole) ?? .utf8
  }
}

/// What bytes there are, and how they would be as text.
private struct ByteCensus {
  var zerosAtEven = 0
  var zerosAtOdd = 0
  /// Control characters that texts do not have.
  var controls = 0
  /// Letters, signs and digits of ASCII.
  var ascii = 0
  /// 0x80...0x9F, and of these, those that Windows-1252 does not have.
  var low = 0
  var unused = 0
  /// From 0xA0.
  var high = 0
  /// Of the bytes from 0x80, those that follow another one.
  var neighbours = 0
  /// Sequences of UTF-8 from two bytes on, and bytes that belong to none.
  var sequences = 0
  var strays = 0
  /// The last bytes are a sequence that is not complete.
  var endsWithin = false

  mutating func count(_ bytes: [UInt8]) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        countASCII(byte, at: index)
        index += 1
        continue
      }
      countHigh(byte)
      if index > 0, bytes[index - 1] >= 0x80 { neighbours += 1 }
      let length = sequenceLength(bytes, at: index)
      if length > 1 {
        sequences += 1
        for next in index + 1..<index + length {
          countHigh(bytes[next])
          neighbours += 1
        }
      } else {
        strays += 1
      }
      index += length
    }
  }

  private mutating func countASCII(_ byte: UInt8, at index: Int) {
    switch byte {
    case 0: if index.isMultiple(of: 2) { zerosAtEven += 1 } else { zerosAtOdd += 1 }
    case 0x09, 0x0A, 0x0C, 0x0D, 0x20: break
    case ..<0x20, 0x7F: controls += 1
    default: ascii += 1
    }
  }

  private mutating func countHigh(_ byte: UInt8) {
    guard byte < 0xA0 else {
      high += 1
      return
    }
    low += 1
    if TextEncoding.windows[Int(byte) - 0x80] < 0xA0 { unused += 1 }
  }

  /// 1 for a byte that begins no sequence.
  private mutating func sequenceLength(_ bytes: [UInt8], at index: Int) -> Int {
    var assembler = ScalarAssembler()
    for next in index..<min(index + 4, bytes.count) {
      do throws(UnencodableText) {
        if try assembler.add(bytes[next]) != nil { return next - index + 1 }
      } catch {
        return 1
      }
    }
    endsWithin = true
    return 1
  }

  /// UTF-16 where most units are of ASCII and all zeros are at the same place in them.
  func units(of bytes: [UInt8], isWhole: Bool) -> TextEncoding? {
    guard bytes.count >= 4, controls == 0, !isWhole || bytes.count.isMultiple(of: 2) else {
      return nil
    }
    let isLittle = zerosAtEven == 0
    guard isLittle || zerosAtOdd == 0 else { return nil }
    let (low, high) = isLittle ? (0, 1) : (1, 0)
    let plain = stride(from: 0, to: bytes.count - 1, by: 2).count { unit in
      bytes[unit + high] == 0 && bytes[unit + low] < 0x80
    }
    guard plain * 4 >= bytes.count else { return nil }
    return isLittle ? .utf16LE : .utf16BE
  }

  /// nil for UTF-8, for other languages, in whose words most letters are from 0x80, and for what is no
  /// text.
  func singleByte(isWhole: Bool) -> TextEncoding? {
    // What is cut off at the end of a part may go on.
    let strays = strays - (endsWithin && !isWhole ? min(3, strays) : 0)
    guard strays > 0, controls == 0, unused == 0, sequences * 10 <= strays,
      neighbours * 2 <= low + high, low + high <= ascii * 2
    else { return nil }
    return low > 0 ? .windows1252 : .latin1
  }
}
