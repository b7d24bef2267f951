/// An error of an engine that may be reported to clients on other machines.
public protocol ShareableError: Error {
  /// The message without folders of this machine: files and models have their names alone.
  var sharedMessage: String { get }
}
