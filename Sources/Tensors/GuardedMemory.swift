#if GUARD_PAGES
  import Glibc

  /// Memory between two pages that nobody may touch: what reads or writes past a buffer ends the
  /// program there and then. Built by `make sanitize` alone.
  enum GuardedMemory {
    private static let page = 4096
    private static let mark: UInt8 = 0xA5

    /// `count` bytes, a multiple of 64, aligned to 64, that end where a page does.
    static func allocate(_ count: Int) -> UnsafeMutableRawBufferPointer {
      let size = (count + page - 1) / page * page
      guard
        let base = unsafe mmap(
          nil, size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
        unsafe base != MAP_FAILED, unsafe mprotect(base + page, size, PROT_READ | PROT_WRITE) == 0
      else { fatalError("no memory for \(count) guarded bytes") }
      let slack = size - count
      unsafe (base + page).initializeMemory(as: UInt8.self, repeating: mark, count: slack)
      return unsafe UnsafeMutableRawBufferPointer(start: base + page + slack, count: count)
    }

    /// Gives memory of `allocate` back. Traps where something wrote before it, or after its first
    /// `used` bytes, which are zeros as kernels may read them.
    static func free(_ bytes: UnsafeMutableRawBufferPointer, used: Int) {
      guard let start = bytes.baseAddress else { return }
      let size = (bytes.count + page - 1) / page * page
      let slack = size - bytes.count
      let before = unsafe UnsafeRawBufferPointer(start: start - slack, count: slack)
      precondition(unsafe before.allSatisfy { $0 == mark }, "written before a buffer")
      precondition(
        unsafe bytes[used...].allSatisfy { $0 == 0 }, "written after a buffer of \(used) bytes")
      unsafe munmap(start - slack - page, size + 2 * page)
    }
  }
#endif
