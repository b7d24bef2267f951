import FuzzReaders
import Glibc

/// The reader that `PALIMPSEST_FUZZ` names.
private let reader: FuzzReader = {
  let name = unsafe getenv("PALIMPSEST_FUZZ").map { unsafe String(cString: $0) } ?? ""
  guard let reader = FuzzReader(rawValue: name) else {
    let known = FuzzReader.allCases.map(\.rawValue).joined(separator: ", ")
    fatalError("PALIMPSEST_FUZZ is “\(name)”, none of \(known)")
  }
  return reader
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  _ = unsafe reader.read(Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
}
