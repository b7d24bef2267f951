internal import Glibc

extension Subprocess {
  package struct Exchange: Equatable {
    package var status: Int32
    package var output: [UInt8]
  }

  /// Runs `program`, found in PATH, with `input`; its output is returned, of which `limit` bytes are
  /// kept, and its errors are dropped. With a limit of 0 the output goes nowhere: the program may leave
  /// another one behind that keeps it open.
  ///
  /// nil if the program cannot be started, and if it has not ended, with its output closed, after
  /// `milliseconds`: it is killed then.
  package static func exchange(
    _ program: String, _ arguments: [String], input: [UInt8], limit: Int, milliseconds: Int
  ) throws(PlatformError) -> Exchange? {
    // A socket, since writing to one whose reader is gone raises no signal when told so.
    var inputs: [Int32] = [-1, -1]
    guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &inputs) == 0 else {
      throw PlatformError("Cannot make a socket")
    }
    var outputs: [Int32] = [-1, -1]
    if limit > 0, unsafe pipe(&outputs) != 0 {
      for end in inputs { close(end) }
      throw PlatformError("Cannot make a pipe")
    }
    let (writing, childInput) = (inputs[0], inputs[1])
    let (reading, childOutput) = (outputs[0], outputs[1])
    let child = try? unsafe start(program, arguments, [:]) { actions in
      unsafe posix_spawn_file_actions_adddup2(actions, childInput, 0)
      if childOutput >= 0 {
        unsafe posix_spawn_file_actions_adddup2(actions, childOutput, 1)
      } else {
        unsafe posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0)
      }
      unsafe posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0)
    }
    close(childInput)
    if childOutput >= 0 { close(childOutput) }
    var talk = Talk(writing: writing, reading: reading, input: input, limit: limit)
    defer { talk.close() }
    guard let child else { return nil }

    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    while talk.goesOn, ContinuousClock.now < deadline { talk.go(until: deadline) }
    var status: Int32 = 0
    while !talk.goesOn {
      let ended = unsafe waitpid(child, &status, WNOHANG)
      if ended == child {
        return Exchange(status: exitStatus(status), output: talk.output)
      }
      guard ContinuousClock.now < deadline else { break }
      usleep(1000)
    }
    kill(child, SIGKILL)
    while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
    return nil
  }
}

/// What is left to be written to a program and to be read from it.
private struct Talk {
  var writing: Int32
  var reading: Int32
  let input: [UInt8]
  let limit: Int
  var written = 0
  var output: [UInt8] = []

  init(writing: Int32, reading: Int32, input: [UInt8], limit: Int) {
    self.writing = writing
    self.reading = reading
    self.input = input
    self.limit = limit
    for end in [writing, reading] where end >= 0 {
      _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
    }
    if input.isEmpty { endInput() }
  }

  var goesOn: Bool { writing >= 0 || reading >= 0 }

  mutating func close() {
    endInput()
    endOutput()
  }

  private mutating func endInput() {
    if writing >= 0 { Glibc.close(writing) }
    writing = -1
  }

  private mutating func endOutput() {
    if reading >= 0 { Glibc.close(reading) }
    reading = -1
  }

  /// Waits, then writes and reads what goes at once.
  mutating func go(until deadline: ContinuousClock.Instant) {
    var entries = [
      pollfd(fd: writing, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: reading, events: Int16(POLLIN), revents: 0),
    ]
    let left = (deadline - .now) / .milliseconds(1)
    guard unsafe poll(&entries, 2, Int32(max(1, left))) > 0 else { return }
    if entries[0].revents != 0 { write() }
    if entries[1].revents != 0 { read() }
  }

  private mutating func write() {
    let count = unsafe input.withUnsafeBytes { bytes in
      unsafe send(
        writing, bytes.baseAddress?.advanced(by: written), bytes.count - written,
        Int32(MSG_NOSIGNAL))
    }
    if count > 0 { written += count }
    if written == input.count || count < 0 && errno != EAGAIN && errno != EINTR { endInput() }
  }

  private mutating func read() {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe buffer.withUnsafeMutableBytes { buffer in
      unsafe Glibc.read(reading, buffer.baseAddress, buffer.count)
    }
    if count > 0 {
      output += buffer[..<min(count, max(0, limit - output.count))]
    } else if count == 0 || errno != EAGAIN && errno != EINTR {
      endOutput()
    }
  }
}
