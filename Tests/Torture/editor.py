"""An editor on a pseudo-terminal: what it writes goes to a small terminal, which can be looked at."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

PROGRAM = os.environ.get(
    "PALIMPSEST", os.path.join(os.path.dirname(__file__), "../../.build/release/palimpsest"))


def control(letter):
    return bytes([ord(letter) & 31])


SAVE, QUIT, UNDO = control("S"), control("Q"), control("Z")
ENTER, ESCAPE = b"\r", b"\x1b"


class Screen:
    """As much of a VT220 as terminfo's `vt220` makes curses use: cursor, erasing, scrolling."""

    SEQUENCE = re.compile(
        rb"\x1b\[([?>]?)([0-9;]*)([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()#][0-9A-Za-z]"
        rb"|\x1b[=>78DEMc]")

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.cells = [[" "] * columns for _ in range(rows)]
        self.row = self.column = 0
        self.top, self.bottom = 0, rows - 1
        self.saved = (0, 0)
        self.pending = b""
        self.wraps = False

    def feed(self, data):
        data, self.pending = self.pending + data, b""
        at = 0
        while at < len(data):
            byte = data[at]
            if byte == 0x1b:
                found = self.SEQUENCE.match(data, at)
                if not found:
                    if len(data) - at < 40:
                        self.pending = data[at:]
                        return
                    at += 1
                    continue
                self.obey(found)
                at = found.end()
            elif byte < 0x20:
                self.control(byte)
                at += 1
            else:
                size = 1 if byte < 0x80 else 2 if byte < 0xe0 else 3 if byte < 0xf0 else 4
                if at + size > len(data):
                    self.pending = data[at:]
                    return
                self.put(data[at:at + size].decode("utf-8", "replace"))
                at += size

    def control(self, byte):
        self.wraps = False
        if byte == 8:
            self.column = max(0, self.column - 1)
        elif byte == 9:
            self.column = min(self.columns - 1, self.column // 8 * 8 + 8)
        elif byte == 10:
            self.feed_line()
        elif byte == 13:
            self.column = 0

    def feed_line(self):
        if self.row == self.bottom:
            self.scroll(1)
        else:
            self.row = min(self.rows - 1, self.row + 1)

    def scroll(self, lines):
        blank = [" "] * self.columns
        for _ in range(abs(lines)):
            if lines > 0:
                del self.cells[self.top]
                self.cells.insert(self.bottom, list(blank))
            else:
                del self.cells[self.bottom]
                self.cells.insert(self.top, list(blank))

    def put(self, character):
        if self.wraps:
            self.column = 0
            self.feed_line()
            self.wraps = False
        self.cells[self.row][self.column] = character
        if self.column == self.columns - 1:
            self.wraps = True
        else:
            self.column += 1

    def obey(self, found):
        final = found.group(3)
        if final is None:
            code = found.group(0)[1:2]
            if code == b"7":
                self.saved = (self.row, self.column)
            elif code == b"8":
                self.row, self.column = self.saved
            elif code == b"D":
                self.feed_line()
            elif code == b"M":
                if self.row == self.top:
                    self.scroll(-1)
                else:
                    self.row -= 1
            return
        if found.group(1):
            return
        numbers = [int(part or 0) for part in found.group(2).split(b";")]
        first = numbers[0] or 1
        line = self.cells[self.row]
        if final in b"mhlnct":
            return
        self.wraps = False
        if final in b"Hf":
            self.row = min(self.rows, first) - 1
            self.column = min(self.columns, (numbers[1] if len(numbers) > 1 else 1) or 1) - 1
        elif final == b"A":
            self.row = max(0, self.row - first)
        elif final == b"B":
            self.row = min(self.rows - 1, self.row + first)
        elif final == b"C":
            self.column = min(self.columns - 1, self.column + first)
        elif final == b"D":
            self.column = max(0, self.column - first)
        elif final == b"G":
            self.column = min(self.columns, first) - 1
        elif final == b"d":
            self.row = min(self.rows, first) - 1
        elif final == b"K":
            start, end = ((self.column, self.columns), (0, self.column + 1),
                          (0, self.columns))[numbers[0]]
            line[start:end] = [" "] * (end - start)
        elif final == b"J":
            if numbers[0] == 0:
                line[self.column:] = [" "] * (self.columns - self.column)
            for row in range(self.rows):
                if numbers[0] == 2 or (row > self.row) == (numbers[0] == 0) and row != self.row:
                    self.cells[row] = [" "] * self.columns
        elif final == b"X":
            line[self.column:self.column + first] = [" "] * min(first, self.columns - self.column)
        elif final == b"P":
            del line[self.column:self.column + first]
            line += [" "] * (self.columns - len(line))
        elif final == b"@":
            line[self.column:self.column] = [" "] * first
            del line[self.columns:]
        elif final in b"LM":
            top, self.top = self.top, self.row
            self.scroll(-first if final == b"L" else first)
            self.top = top
        elif final in b"ST":
            self.scroll(first if final == b"S" else -first)
        elif final == b"r":
            self.top = first - 1
            self.bottom = ((numbers[1] if len(numbers) > 1 else 0) or self.rows) - 1
            self.row = self.column = 0

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells)


class Editor:
    """A process on a pseudo-terminal of its own. `home` holds all that it keeps."""

    def __init__(self, command, home, columns=100, rows=30, environment=None, user=None):
        self.screen = Screen(columns, rows)
        variables = dict(os.environ, TERM="vt220", LC_ALL="C.UTF-8")
        variables.pop("NO_COLOR", None)
        for kind in ("STATE", "CONFIG", "DATA", "CACHE"):
            variables[f"XDG_{kind}_HOME"] = f"{home}/{kind.lower()}"
        variables.update(environment or {})
        self.began = time.monotonic()
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            try:
                if user is not None:
                    os.setgid(user)
                    os.setuid(user)
                os.execvpe(command[0], command, variables)
            finally:
                os._exit(127)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.status = None

    def pump(self, seconds):
        """Takes in what comes for so long; false at the end of output."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) >= 0:
            if not self.pump_once(left):
                return False
        return True

    def pump_once(self, seconds):
        """Takes in what comes next, if it comes in time; false at the end of output."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.terminal, 1 << 16)
        except OSError:
            data = b""
        self.screen.feed(data)
        return bool(data)

    def until(self, holds, seconds=20):
        """Looks until something holds; whether it does."""
        end = time.monotonic() + seconds
        while not holds() and time.monotonic() < end:
            if not self.pump(0.02):
                break
        return holds()

    def wait(self, wanted, seconds=20):
        """Looks until a text is on the screen; whether it came."""
        return self.until(lambda: wanted in self.screen.text(), seconds)

    def send(self, keys, seconds=0.1):
        try:
            os.write(self.terminal, keys.encode() if isinstance(keys, str) else keys)
        except OSError:
            return
        self.pump(seconds)

    def text(self):
        return self.screen.text()

    def last(self):
        return self.text().splitlines()[-1].strip()

    def foot(self):
        """The lines at the bottom: hints, status and above them a message of several lines."""
        return " ".join(line.strip() for line in self.text().splitlines()[-6:])

    def end(self, number=signal.SIGKILL):
        """Ends the process by a signal, or waits for it where that is None. The exit status."""
        if self.status is None:
            if number is not None:
                os.kill(self.process, number)
            for _ in range(1000):
                done, status = os.waitpid(self.process, os.WNOHANG)
                if done:
                    self.status = os.waitstatus_to_exitcode(status)
                    break
                self.pump(0.01)
            else:
                os.kill(self.process, signal.SIGKILL)
                os.waitpid(self.process, 0)
                self.status = "did not end"
            os.close(self.terminal)
        return self.status
