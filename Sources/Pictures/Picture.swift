internal import CPictures

/// A decoded picture, 8 bits for each of red, green and blue.
public struct Picture: Sendable, Equatable {
  public let size: PictureSize
  /// `[height, width, 3]`.
  public let rgb: [UInt8]

  /// The most pixels of a picture that is decoded: 150 MB.
  public static let mostPixels = 50_000_000

  /// Traps unless there are three values a pixel.
  public init(_ size: PictureSize, rgb: [UInt8]) {
    precondition(
      size.width > 0 && size.height > 0 && rgb.count == 3 * size.pixels,
      "\(rgb.count) values for \(size)")
    self.size = size
    self.rgb = rgb
  }

  /// Decodes a PNG, JPEG or WebP file of a size in bounds. What is not RGB is blended with white, as
  /// Pillow does; orientation by EXIF is ignored, as the published code does. Throws `PictureError`
  /// with `file`, the name for messages.
  public init(decoding bytes: [UInt8], file: String) throws(PictureError) {
    let size = try PictureSize(of: bytes, file: file)
    let count = 3 * size.pixels
    var reason: String?
    rgb = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      reason = unsafe Self.call { message in
        guard let target = buffer.baseAddress else { return 0 }
        return unsafe bytes.withUnsafeBufferPointer { source in
          unsafe cp_picture_decode(
            source.baseAddress, source.count, UInt32(size.width), UInt32(size.height), target,
            message)
        }
      }
      // A decoder that failed may have written some of it.
      initialized = reason == nil ? count : 0
    }
    self.size = size
    if let reason { throw PictureError(file: file, reason: reason) }
  }

  /// Calls a decoder that returns 1, or 0 and a message; nil for 1.
  fileprivate static func call(_ body: (UnsafeMutablePointer<CChar>) -> Int32) -> String? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CP_MESSAGE)) { message in
      guard let start = message.baseAddress else { return "no memory" }
      unsafe start.initialize(repeating: 0, count: message.count)
      guard unsafe body(start) == 0 else { return nil }
      return unsafe String(cString: start)
    }
  }
}

extension PictureSize {
  /// Reads the header of a PNG, JPEG or WebP file. Throws for other files, and for pictures of more
  /// than `Picture.mostPixels`.
  public init(of bytes: [UInt8], file: String) throws(PictureError) {
    var (width, height) = (UInt32(0), UInt32(0))
    let reason = unsafe Picture.call { message in
      unsafe bytes.withUnsafeBufferPointer { source in
        unsafe cp_picture_size(source.baseAddress, source.count, &width, &height, message)
      }
    }
    if let reason { throw PictureError(file: file, reason: reason) }
    self.init(width: Int(width), height: Int(height))
    guard self.width > 0, self.height > 0, pixels <= Picture.mostPixels else {
      throw PictureError(
        file: file,
        reason: """
          expected at most \(Picture.mostPixels / 1_000_000) megapixels, found \(self.width) by \
          \(self.height)
          """)
    }
  }
}
