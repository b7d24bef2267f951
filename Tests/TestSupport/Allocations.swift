internal import AllocationCounter

/// Counts blocks of memory that the calling thread allocates.
public enum Allocations {
  /// Whether allocations can be counted: not under a sanitizer.
  public static var areCounted: Bool { allocation_counter_works() }

  /// Blocks that `body` allocates.
  public static func count(_ body: () throws -> Void) rethrows -> Int {
    allocation_counter_start()
    defer { _ = allocation_counter_stop() }
    try body()
    return Int(allocation_counter_stop())
  }

  /// Blocks that `body` allocates and does not free, less those from before that it frees.
  public static func countKept(_ body: () throws -> Void) rethrows -> Int {
    _ = try count(body)
    return allocation_counter_kept()
  }

  /// Blocks that `body` allocates for arrays, instances, closures and boxes. Iterators, for which
  /// builds without optimisation take blocks, are not among them: it is the number of the optimised
  /// program, or nearly.
  public static func countObjects(_ body: () throws -> Void) rethrows -> Int {
    _ = try count(body)
    return allocation_counter_objects()
  }

  /// Objects that `body` allocates after two calls that make room, as `countObjects`.
  public static func countWarm(_ body: () throws -> Void) rethrows -> Int {
    for _ in 0..<2 { try body() }
    return try countObjects(body)
  }
}
