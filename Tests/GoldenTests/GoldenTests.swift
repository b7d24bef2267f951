import Golden
import Tensors
import TestSupport
import Testing

/// Every case of the golden data at hand, by the code behind `palimpsest golden`.
@Suite(.enabled(if: SharedFiles.path("golden/open") != nil))
struct GoldenTests {
  @Test func everyCaseAgrees() throws {
    let path = try #require(SharedFiles.path("golden/open"))
    let run = try GoldenRun(path, kernels: Kernels(threads: 2))
    for outcome in run.failures {
      Issue.record("\(outcome.place) (\(outcome.kind)): \(outcome.failure ?? "")")
    }
    #expect(run.passed > 0)
  }
}
