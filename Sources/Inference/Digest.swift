internal import CCrypto
internal import Platform

/// SHA-256 of a file, in lower-case hexadecimal, by libcrypto. `progress` is called with the bytes
/// done; an error that it throws ends the work. Throws `InferenceError.unreadable`, and
/// `.missingLibrary` without libcrypto.
public func sha256(ofFile path: String, progress: (Int) throws -> Void = { _ in }) throws -> String
{
  var hash = try SHA256()
  var total = 0
  do {
    try Files.readParts(of: path) { part in
      unsafe part.withUnsafeBytes { unsafe hash.add($0) }
      total += part.count
      try progress(total)
    }
  } catch let error as PlatformError {
    throw InferenceError.unreadable(path: path, reason: error.reason)
  }
  return hash.finish()
}

/// SHA-256 of a text's UTF-8, in lower-case hexadecimal. Throws `InferenceError.missingLibrary`.
func sha256(of text: String) throws -> String {
  var hash = try SHA256()
  var text = text
  text.withUTF8 { unsafe hash.add(UnsafeRawBufferPointer($0)) }
  return hash.finish()
}

/// SHA-256 of bytes, in lower-case hexadecimal. Throws `InferenceError.missingLibrary`.
func sha256(of bytes: [UInt8]) throws -> String {
  var hash = try SHA256()
  unsafe bytes.withUnsafeBytes { unsafe hash.add($0) }
  return hash.finish()
}

@safe private struct SHA256: ~Copyable {
  private let library: libcrypto_functions
  private let context: OpaquePointer

  init() throws(InferenceError) {
    var missing: UnsafePointer<CChar>?
    guard let library = unsafe libcrypto(&missing)?.pointee else {
      throw unsafe .missingLibrary(String(cString: missing!))
    }
    // Turns off the library's cleanup at exit, which would race with threads that are still ending
    // and release their state. Counts once.
    _ = library.OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
    guard let context = library.EVP_MD_CTX_new() else {
      fatalError("no memory for a digest")
    }
    self.library = library
    unsafe self.context = context
    _ = unsafe library.EVP_DigestInit_ex(context, library.EVP_sha256(), nil)
  }

  deinit { unsafe library.EVP_MD_CTX_free(context) }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    _ = unsafe library.EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
  }

  consuming func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe digest.withUnsafeMutableBufferPointer {
      _ = unsafe library.EVP_DigestFinal_ex(context, $0.baseAddress, nil)
    }
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
