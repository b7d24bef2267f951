internal import Infilling

// A search ends with one passage shown and several others found: each of these is a try of its own.

extension Branch {
  /// A passage that the search of this branch found besides its own: the steps are those of the
  /// search, and one more that shows the passage. It has cost nothing, and the engine knows nothing
  /// of it.
  func sibling(_ id: RunID, cells: [InfillCell]) -> Branch {
    var sibling = self
    sibling.score = nil
    sibling.remark = "\(remark ?? "seed \(seed)"), same search"
    var trajectory = trajectory ?? Trajectory(canvas: cells)
    let last = trajectory.steps.last
    trajectory.append(
      InfillStep(
        index: lastStep + 1, cells: cells, changed: Array(cells.indices),
        forwardPasses: last?.forwardPasses ?? 0, isLast: true,
        search: last?.search.map { search in
          // How it joins what follows is not known.
          SearchProgress(stage: search.stage, tries: search.tries, alive: search.alive)
        }))
    sibling.run = Run(id, recorded: trajectory)
    sibling.shownStep = sibling.lastStep
    return sibling
  }
}

extension Editor {
  /// Adds what a search found besides the passage that it shows, unless the run is one of several
  /// that are compared: these stand for themselves.
  mutating func addSiblings(_ index: Int, of run: RunID, _ others: [[InfillCell]]) {
    let fill = fills[index]
    guard !others.isEmpty, fill.ranking?.runs.contains(run) != true, fill.refinement?.run != run,
      let branch = fill.branches.first(where: { $0.id == run })
    else { return }
    var texts = Set(fill.branches.compactMap { $0.lastCells.map(Fill.text) })
    for cells in others {
      let text = Fill.text(of: cells)
      guard !text.isEmpty, texts.insert(text).inserted else { continue }
      fills[index].branches.append(branch.sibling(newRun(), cells: cells))
    }
  }
}
