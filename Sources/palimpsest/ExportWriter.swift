import Editing
import Recordings
import Rendering
import Storage

/// Writes recordings in the format that the path's extension selects.
enum ExportWriter {
  static func text(
    _ recording: Recording, form: ExportRequest.Form, columns: Int, rows: Int, theme: Theme
  ) -> String {
    switch form {
    case .jsonl: RecordFile.text(of: recording)
    case .html: RecordingPage(recording, theme: theme).html()
    case .svg: Film(recording, columns: columns, rows: rows, theme: theme).svg()
    case .cast: Film(recording, columns: columns, rows: rows, theme: theme).asciicast()
    }
  }

  /// Performs `Effect.export`. Returns nil once the file is saved, or else one line with the reason.
  static func write(_ request: ExportRequest, theme: Theme) -> String? {
    let text = text(
      request.recording, form: request.form, columns: request.columns, rows: request.rows,
      theme: theme)
    do {
      try FileStore().save(Array(text.utf8), to: request.path)
      return nil
    } catch {
      return "\(error)"
    }
  }
}
