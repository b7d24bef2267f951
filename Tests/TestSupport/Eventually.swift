/// What was waited for did not come.
public struct WaitedInVain: Error, CustomStringConvertible {
  public let description: String
}

/// Polls until something holds, at least for two minutes; other tests run meanwhile. Looks are
/// counted, not seconds: on a loaded machine the time between two looks is not ours.
public func eventually(
  isolation: isolated (any Actor)? = #isolation, _ what: String, _ holds: () throws -> Bool
) async throws {
  for _ in 0..<2400 {
    if try holds() { return }
    try await Task.sleep(for: .milliseconds(50))
  }
  throw WaitedInVain(description: "Waited in vain for \(what).")
}
