import CLoading
import Glibc
import Testing

@Suite struct LoadingTests {
  /// Whether all functions were found in the first of the files that there is. Names have no NUL.
  private static func loads(_ files: [StaticString], _ functions: [StaticString]) -> Bool {
    let names = unsafe files.map { unsafe Self.pointer($0) } + [nil]
    let symbols = unsafe functions.map { unsafe Self.pointer($0) } + [nil]
    var table = unsafe [UnsafeRawPointer?](repeating: nil, count: max(functions.count, 1))
    let isLoaded = unsafe cl_load(names, symbols, &table)
    let found = unsafe table.prefix(functions.count).count { unsafe $0 != nil }
    return isLoaded && found == functions.count
  }

  private static func pointer(_ name: StaticString) -> UnsafePointer<CChar>? {
    unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  @Test func theFirstFileThatThereIsIsLoaded() {
    #expect(Self.loads(["libnowhere.so.0", "libc.so.6"], ["getpid", "getppid"]))
  }

  @Test func aMissingFileOrFunctionIsReported() {
    #expect(!Self.loads(["libnowhere.so.0"], ["getpid"]))
    #expect(!Self.loads(["libc.so.6"], ["getpid", "no_such_function"]))
    #expect(!Self.loads([], []))
  }
}
