internal import Documents
internal import Infilling

/// A passage with the rest of its lines, wrapped to a width, for `fill --watch`.
struct PassageView {
  enum Look: Equatable {
    case context, mask, fresh, draft
  }

  struct Cell: Equatable {
    var text: String
    var width: Int
    var look: Look
  }

  private(set) var rows: [[Cell]] = [[]]
  private let columns: Int
  private var used = 0
  /// Row in which the passage begins.
  private var firstRow = 0

  /// Columns shown for a mask: about those of a word.
  static let maskWidth = 4

  /// - Parameter changed: cells that look new.
  init(_ scene: FillScene, changed: Set<Int>, columns: Int) {
    self.columns = max(2, columns)
    append(scene.before, .context)
    firstRow = rows.count - 1
    for (index, cell) in scene.cells.enumerated() {
      switch cell.state {
      case .open where !cell.noise.isEmpty: append(cell.noise, .mask)
      case .open:
        for _ in 0..<Self.maskWidth { append(Cell(text: "░", width: 1, look: .mask)) }
      case .draft, .pinned: append(cell.text, changed.contains(index) ? .fresh : .draft)
      case .deleted: break
      }
    }
    append(scene.after, .context)
  }

  /// At most `count` rows, from the first of the passage on where not all have room.
  func window(_ count: Int) -> ArraySlice<[Cell]> {
    guard rows.count > count else { return rows[...] }
    let start = min(firstRow, rows.count - count)
    return rows[start..<start + max(0, count)]
  }

  /// A row as bytes for a terminal: attributes that show with and without colour.
  static func line(_ cells: [Cell]) -> String {
    var result = ""
    var look = Look.context
    for cell in cells {
      if cell.look != look {
        look = cell.look
        result += "\u{1B}[0\(attributes(look))m"
      }
      result += cell.text
    }
    return look == .context ? result : result + "\u{1B}[0m"
  }

  private static func attributes(_ look: Look) -> String {
    switch look {
    case .context: ""
    case .mask: ";2"
    case .fresh: ";1;4"
    case .draft: ";4"
    }
  }

  private mutating func append(_ text: String, _ look: Look) {
    for character in text {
      if character.isNewline {
        rows.append([])
        used = 0
      } else {
        let form = DisplayForm(of: String(character))
        append(Cell(text: form.text, width: form.width, look: look))
      }
    }
  }

  private mutating func append(_ cell: Cell) {
    if used + cell.width > columns {
      rows.append([])
      used = 0
    }
    rows[rows.count - 1].append(cell)
    used += cell.width
  }
}
