internal import Infilling

// A search ends with one passage shown and several others found: each of these becomes a candidate.

extension Candidate {
  /// A passage that the search of this candidate found besides its own: the steps are those of the
  /// search, and one more that shows the passage. It has cost nothing, and the engine knows nothing
  /// of it.
  func sibling(_ id: RunID, cells: [InfillCell]) -> Candidate {
    var sibling = self
    sibling.score = nil
    sibling.label = "\(label ?? "seed \(seed)"), same search"
    var trajectory = trajectory ?? Trajectory(canvas: cells)
    let last = trajectory.steps.last
    trajectory.append(
      InfillStep(
        index: lastStep + 1, cells: cells, changed: Array(cells.indices),
        forwardPasses: last?.forwardPasses ?? 0, isLast: true,
        search: last?.search.map { search in
          // How it joins what follows is not known.
          SearchProgress(stage: search.stage, drafts: search.drafts, alive: search.alive)
        }))
    sibling.run = Run(id, recorded: trajectory)
    sibling.shownStep = sibling.lastStep
    return sibling
  }
}

extension Editor {
  /// Adds what a search found besides the passage that it shows, unless the run is one of several
  /// that are compared.
  mutating func addSiblings(_ index: Int, of run: RunID, _ others: [[InfillCell]]) {
    let passage = passages[index]
    guard !others.isEmpty, passage.ranking?.runs.contains(run) != true,
      passage.refinement?.run != run,
      let candidate = passage.candidates.first(where: { $0.id == run })
    else { return }
    var texts = Set(passage.candidates.compactMap { $0.lastCells.map(Passage.text) })
    for cells in others {
      let text = Passage.text(of: cells)
      guard !text.isEmpty, texts.insert(text).inserted else { continue }
      passages[index].candidates.append(candidate.sibling(newRun(), cells: cells))
    }
  }
}
