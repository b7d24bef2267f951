import Infilling
import Testing

@testable import Editing

@Suite struct PrefillTests {
  private static let place = Prefill.Place(span: 3..<9, revision: 1)
  private static let request = InfillRequest(prefix: "", original: "x", suffix: "")

  private static func wake() -> [Effect] {
    [.wake(.reading, afterMilliseconds: Prefill.restMilliseconds)]
  }

  @Test func aRestedSelectionIsReadOnce() {
    var prefill = Prefill()
    #expect(prefill.handle(.selection(Self.place)) == Self.wake())
    #expect(prefill.handle(.selection(Self.place)) == [])
    #expect(prefill.handle(.rested(Self.request)) == [.readAhead(Self.request)])
    #expect(prefill.handle(.rested(Self.request)) == [])
  }

  @Test func anotherSelectionWithdrawsWhatWasAsked() {
    var prefill = Prefill()
    _ = prefill.handle(.selection(Self.place))
    let other = Prefill.Place(span: 3..<10, revision: 1)
    #expect(prefill.handle(.selection(other)) == Self.wake(), "nothing was asked yet")
    _ = prefill.handle(.rested(Self.request))
    #expect(prefill.handle(.selection(nil)) == [.readAhead(nil)])
    #expect(prefill.handle(.rested(Self.request)) == [], "nothing is selected")
  }
}
