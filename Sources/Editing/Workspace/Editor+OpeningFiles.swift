internal import Documents

// The list of files to open, narrowed by what is typed, which may also be a path.

extension Editor {
  private static let mostListed = 100

  mutating func listFiles() {
    guard !isReplay else { return show(.recordingOpensNone) }
    picker = Picker(.files(FileListing()), [])
    emit(.listFiles)
  }

  mutating func listed(_ part: FileListing.Part) {
    guard case .files(var listing)? = picker?.kind else { return }
    listing.add(part)
    picker?.kind = .files(listing)
    filterFiles()
  }

  /// The best matches, and the path that was typed unless it is one of the files.
  mutating func filterFiles() {
    guard var present = picker, case .files(let listing) = present.kind else { return }
    let typed = present.filter
    var items = listing.matches(typed, atMost: Self.mostListed).map {
      let path = listing.paths[$0]
      return Picker.Item(
        text: path, detail: listing.recent.contains(path) ? "recent" : "", index: $0)
    }
    if !typed.isEmpty, !items.contains(where: { $0.text == typed }) {
      let item = Picker.Item(text: typed, detail: "this path", index: listing.paths.count)
      items.insert(item, at: Self.isPath(typed) ? 0 : items.count)
    }
    present.items = items
    present.selected = 0
    picker = present
  }

  /// Whether it can only be meant as a path.
  private static func isPath(_ typed: String) -> Bool {
    ["/", "~", "./", "../"].contains { typed.hasPrefix($0) }
  }
}
