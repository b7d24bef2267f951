internal import Tensors

/// Where the groups of a pass lie and what their rows attend to, in memory kept from pass to pass.
///
/// Loops go by index: iterators of arrays allocate in builds without optimisation, and the tests that
/// count allocations are such.
final class PassLayout {
  /// A group of a pass with its place.
  struct Group {
    /// Rows of the pass.
    var rows: Range<Int>
    var context: [ForwardPass.Context]
    var visibility: AttentionSegment.Visibility
    var target: KeyValueCache?
    /// First row in the target.
    var first: Int
  }

  private(set) var groups: [Group] = []
  private var masks: [AttentionMask] = []
  private let plan = AttentionPlan()

  /// Where the lone group of a pass writes its keys and values.
  var loneTarget: KeyValueCache? { groups.count == 1 ? groups[0].target : nil }

  /// Lays out the groups of `pass` and makes room in their targets.
  func set(_ pass: ForwardPass) {
    clear()
    var row = 0
    for index in 0..<pass.groups.count {
      let group = pass.groups[index]
      let rows = row..<row + group.count
      row += group.count
      groups.append(
        Group(
          rows: rows, context: group.context,
          visibility: visibility(group.visibility, rows.count), target: group.target,
          first: end(of: group.target)))
    }
    for index in 0..<groups.count {
      let group = groups[index]
      guard let target = group.target else { continue }
      target.reserve(group.first + group.rows.count - target.count)
    }
  }

  /// Lets go of the caches of the last pass.
  func clear() {
    groups.removeAll(keepingCapacity: true)
    plan.removeAll()
  }

  /// Counts the rows that the pass has written to the targets.
  func extendTargets() {
    for index in 0..<groups.count {
      groups[index].target?.extend(by: groups[index].rows.count)
    }
  }

  /// Row of `target` behind what it holds and what the groups so far put into it.
  private func end(of target: KeyValueCache?) -> Int {
    guard let target else { return 0 }
    var index = groups.count
    while index > 0 {
      index -= 1
      if groups[index].target === target { return groups[index].first + groups[index].rows.count }
    }
    return target.count
  }

  /// `visibility` among `rows` tokens. The mask of group i is the i-th.
  private func visibility(
    _ visibility: ForwardPass.Visibility, _ rows: Int
  ) -> AttentionSegment.Visibility {
    switch visibility {
    case .all: return .all
    case .causal: return .causal(offset: 0)
    case .masked(let mask): return .masked(mask)
    case .custom(let sees):
      while masks.count <= groups.count { masks.append(AttentionMask(rows: 0, columns: 0)) }
      let mask = masks[groups.count]
      mask.resize(rows: rows, columns: rows)
      for row in 0..<rows {
        for column in 0..<rows where sees(row, column) { mask[row, column] = true }
      }
      return .masked(mask)
    }
  }

  /// Rounds what is new in the caches that groups see from their beginning.
  func roundContexts(layer: Int, on kernels: Kernels) {
    for index in 0..<groups.count {
      for place in 0..<groups[index].context.count {
        let context = groups[index].context[place]
        if context.rows.lowerBound > 0 { continue }
        kernels.round(
          context.cache.layers[layer], rows: context.cache.count,
          valueColumn: context.cache.keyWidth, into: context.cache.rounded[layer])
      }
    }
  }

  /// What each group attends to in a layer. Keys and values of rows without a target are in
  /// `keyValue`; `keyWidth` is that of a cache.
  func attention(layer: Int, keyValue: Matrix, keyWidth: Int) -> AttentionPlan {
    func add(
      _ matrix: Matrix, _ rows: Range<Int>, _ visibility: AttentionSegment.Visibility,
      of cache: KeyValueCache? = nil
    ) {
      plan.addSegment(
        AttentionSegment(
          keys: matrix, values: matrix, rows: rows, visibility: visibility, valueColumn: keyWidth,
          rounded: cache?.rounded[layer]))
    }
    plan.removeAll()
    for index in 0..<groups.count {
      let group = groups[index]
      plan.addGroup(group.rows)
      let isOneRun = group.continuesItsContext
      for place in 0..<group.context.count - (isOneRun ? 1 : 0) {
        let context = group.context[place]
        if context.rows.isEmpty { continue }
        add(context.cache.layers[layer], context.rows, .all, of: context.cache)
      }
      let (first, end) = (group.first, group.first + group.rows.count)
      if let target = group.target?.layers[layer] {
        if isOneRun {
          add(target, 0..<end, .causal(offset: first), of: group.target)
        } else {
          add(target, first..<end, group.visibility)
        }
      } else {
        add(keyValue, group.rows, group.visibility)
      }
    }
    return plan
  }
}

extension PassLayout.Group {
  /// Whether the group is causal text behind the cache it goes into: one run of keys then. However
  /// such text is cut into passes, the sums are the same.
  fileprivate var continuesItsContext: Bool {
    guard case .causal = visibility, let target, !context.isEmpty else { return false }
    let last = context[context.count - 1]
    return first > 0 && last.cache === target && last.rows == 0..<first
  }
}
