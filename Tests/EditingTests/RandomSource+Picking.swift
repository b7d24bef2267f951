import TestSupport

extension RandomSource {
  mutating func pick<T>(_ values: [T]) -> T { values[below(values.count)] }
}
