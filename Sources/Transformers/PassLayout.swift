internal import Tensors

/// Where the groups of a pass lie and what their rows attend to, in memory kept from pass to pass.
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
    for group in pass.groups {
      let rows = row..<row + group.count
      row += group.count
      groups.append(
        Group(
          rows: rows, context: group.context,
          visibility: visibility(group.visibility, rows.count), target: group.target,
          first: end(of: group.target)))
    }
    for group in groups {
      guard let target = group.target else { continue }
      // A pass that was cancelled may have rounded its own keys.
      target.forgetQuantized(from: target.count)
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
    for group in groups { group.target?.extend(by: group.rows.count) }
  }

  /// Row of `target` after what it holds and what the groups so far put into it.
  private func end(of target: KeyValueCache?) -> Int {
    guard let target else { return 0 }
    guard let last = groups.last(where: { $0.target === target }) else { return target.count }
    return last.first + last.rows.count
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

  /// Rounds what is new in the caches that groups see from their beginning, the keys of this pass
  /// among them.
  func quantizeContexts(layer: Int, on kernels: Kernels) {
    func round(_ cache: KeyValueCache, _ rows: Int, tail: Bool) {
      kernels.round(
        cache.layers[layer], rows: rows, valueColumn: cache.keyWidth, into: cache.rounded[layer],
        tail: tail)
    }
    for group in groups {
      for context in group.context.prefix(group.separateContexts)
      where context.rows.lowerBound == 0 {
        round(context.cache, context.rows.upperBound, tail: true)
      }
      if let target = group.target, group.runStart == 0, group.roundsItsRun {
        round(target, group.end, tail: false)
      }
    }
  }

  /// The groups from the one at `index` on that meet its first context together: its keys are then
  /// read once for several of them.
  private func sharing(from index: Int) -> Range<Int> {
    var end = index + 1
    guard let context = groups[index].sharedContext else { return index..<end }
    while end < groups.count, let next = groups[end].sharedContext, next.cache === context.cache,
      next.rows == context.rows
    {
      end += 1
    }
    return index..<end
  }

  /// What each group attends to in a layer. Keys and values of rows without a target are in
  /// `keyValue`; `keyWidth` is that of a cache.
  func attention(layer: Int, keyValue: Matrix, keyWidth: Int) -> AttentionPlan {
    func add(
      _ matrix: Matrix, _ keys: Range<Int>, _ visibility: AttentionSegment.Visibility,
      of cache: KeyValueCache? = nil, to rows: Range<Int>
    ) {
      if keys.isEmpty { return }
      plan.addSegment(
        AttentionSegment(
          keys: matrix, values: matrix, rows: keys, visibility: visibility, valueColumn: keyWidth,
          rounded: cache?.rounded[layer]),
        rows: rows)
    }
    plan.removeAll()
    var next = 0
    while next < groups.count {
      let together = sharing(from: next)
      next = together.upperBound
      let first = groups[together.lowerBound].rows.lowerBound
      let rows = first..<groups[next - 1].rows.upperBound
      plan.addGroup(rows)
      for index in together {
        let group = groups[index]
        let own = group.rows.lowerBound - first..<group.rows.upperBound - first
        for place in 0..<group.separateContexts {
          if place == 0, index > together.lowerBound { continue }
          let context = group.context[place]
          add(
            context.cache.layers[layer], context.rows, .all, of: context.cache,
            to: place == 0 ? 0..<rows.count : own)
        }
        if let target = group.target?.layers[layer] {
          add(target, group.runStart..<group.end, group.runVisibility, of: group.target, to: own)
        } else {
          add(keyValue, group.rows, group.visibility, to: own)
        }
      }
    }
    return plan
  }
}

extension PassLayout.Group {
  /// Row of the target after the group's.
  fileprivate var end: Int { first + rows.count }

  /// Whether what the group's tokens see of one another ends with themselves or is a mask, behind
  /// the cache they go into: one run of keys then. However such text is cut into passes, the sums
  /// are the same.
  private var continuesItsContext: Bool {
    guard let target, roundsItsRun, !context.isEmpty else { return false }
    let last = context[context.count - 1]
    return first > 0 && last.cache === target && last.rows == 0..<first
  }

  /// Contexts that are not part of the run.
  fileprivate var separateContexts: Int { context.count - (continuesItsContext ? 1 : 0) }

  /// What a group of few rows may meet together with others.
  fileprivate var sharedContext: ForwardPass.Context? {
    separateContexts > 0 && rows.count <= 16 ? context[0] : nil
  }

  /// First row of the target that belongs to the run of the group's keys.
  fileprivate var runStart: Int { continuesItsContext ? 0 : first }

  fileprivate var runVisibility: AttentionSegment.Visibility {
    switch visibility {
    case .all: .all
    case .causal: .causal(offset: first - runStart)
    case .masked(let mask, _): .masked(mask, behind: first - runStart)
    }
  }

  /// Whether whole blocks of the run may be rounded for other passes, too.
  fileprivate var roundsItsRun: Bool {
    if case .all = visibility { false } else { true }
  }
}
