/// Something an editor waits for. Each is set by `Effect.wake` and answered once by `Event.woke`;
/// setting it again while it runs replaces it.
public enum Timer: Sendable, Hashable {
  /// The next recorded step of a passage that is being played.
  case playback(Passage.ID)
  /// The next shade of tokens that were just unmasked.
  case fading
  /// The end of a pause in typing, after which the doubt map continues.
  case doubts
  /// The end of a pause in selecting, after which the text around the selection is read.
  case reading
  /// The next part of the document is scanned for what its lines are.
  case highlighting
  /// The end of a pause in moving, after which pictures around the cursor are looked at.
  case pictures
}
