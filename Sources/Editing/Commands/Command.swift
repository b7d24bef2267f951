/// Something a key can do. Commands are data: help lists them and settings bind them by name.
public struct Command: Sendable, Identifiable {
  /// As settings write it: `select-word-left`.
  public let name: String
  /// What it does, as help and the palette put it.
  public let title: String
  /// Where it has something to work on. The palette of a mode lists these.
  public let modes: Set<Mode>
  let perform: @Sendable (inout Editor) -> Void

  public var id: String { name }

  init(
    _ name: String, _ title: String, in modes: Set<Mode> = [.text],
    perform: @escaping @Sendable (inout Editor) -> Void
  ) {
    self.name = name
    self.title = title
    self.modes = modes
    self.perform = perform
  }

  /// Every command, family by family, in the order help lists them.
  public static let all: [Command] =
    passages + engines + candidates + refining + intents + pictures + recalling + review + racing
    + doubting + editing + history + lines + brackets + cursors + clipboard + finding + syntax
    + prose + spelling + files + format + documents + settings + touring + disk + recovering
    + selecting + motions + prompting
    + listing

  /// Traps on two commands of one name.
  static let byName: [String: Command] = Dictionary(
    uniqueKeysWithValues: all.map { ($0.name, $0) })
}
