import Testing

@testable import Rendering

@Suite struct ColorTests {
  @Test func names() {
    #expect(Color("#0a1bff") == .rgb(red: 10, green: 27, blue: 255))
    #expect(Color("terminal") == .terminal)
    #expect(Color("bright-red") == .ansi(9))
    for bad in ["", "#12345", "#1234567", "#12 456", "#+12345", "Red", "purple", "terminal "] {
      #expect(Color(bad) == nil, "\(bad)")
    }
    for text in ["#0a1bff", "#000000", "terminal", "black", "bright-white"] {
      #expect(Color(text)?.description == text)
    }
  }

  @Test func contrast() throws {
    #expect(abs(try #require(Color.contrast(Color(0), Color(0xffffff))) - 21) < 0.1)
    #expect(Color.contrast(Color(0x777777), Color(0x777777)) == 1)
    #expect(Color.contrast(.terminal, Color(0)) == nil)
  }
}

@Suite struct PaletteTests {
  @Test func depths() {
    #expect(ColorDepth(colors: 1 << 24) == .direct)
    #expect(ColorDepth(colors: 256) == .indexed)
    #expect(ColorDepth(colors: 88) == .sixteen)
    #expect(ColorDepth(colors: 8) == .eight)
    #expect(ColorDepth(colors: 0) == .mono)
    #expect(ColorDepth(colors: 1 << 24, noColor: true) == .mono)
  }

  /// Every colour of the cube and the greys is its own nearest one.
  @Test func exactColoursOfXterm() {
    let palette = Palette(.indexed)
    for index in 16...255 {
      let (red, green, blue) = XtermColors.components(index)
      let number = palette.number(
        .rgb(red: UInt8(red), green: UInt8(green), blue: UInt8(blue)))
      // Some greys are in the cube as well.
      #expect(XtermColors.components(number) == (red, green, blue), "\(index)")
    }
  }

  @Test(arguments: [
    (ColorDepth.direct, Color(0x123456), 0x123456), (.direct, Color(0), 8),
    (.direct, .ansi(3), 3), (.direct, .ansi(9), 0xff0000), (.direct, .terminal, -1),
    (.indexed, .ansi(9), 9), (.indexed, Color(0xff0000), 196), (.indexed, Color(0x15161a), 233),
    (.sixteen, Color(0xfe0101), 9), (.sixteen, .ansi(12), 12), (.eight, Color(0xfe0101), 9),
    (.eight, .ansi(1), 1), (.mono, Color(0xff0000), -1), (.mono, .ansi(1), -1),
  ])
  func numbers(depth: ColorDepth, color: Color, number: Int) {
    #expect(Palette(depth).number(color) == number)
  }

  @Test func brightColoursOfEight() {
    let bright = Palette(.eight).resolve(Style(foreground: .ansi(9), background: .ansi(0)))
    #expect(bright == Palette.Resolved(foreground: 1, background: 0, attributes: .bold))
  }

  @Test func fewColoursStayReadable() {
    for depth in [ColorDepth.eight, .sixteen] {
      let palette = Palette(depth)
      for foreground in stride(from: UInt32(0), to: 0xff_ffff, by: 0x0b_0d11) {
        for background in stride(from: UInt32(0), to: 0xff_ffff, by: 0x1b_1d2f) {
          let seen = palette.resolve(
            Style(foreground: Color(foreground), background: Color(background)))
          #expect(seen.foreground != seen.background)
          #expect(seen.background < (depth == .eight ? 8 : 16))
          #expect(seen.foreground < (depth == .eight ? 8 : 16))
        }
      }
    }
  }
}
