"""The editors that are held against one another: how each is started, typed into, told to save, and
asked for what a killed session left."""


import shutil

from editor import ENTER, ESCAPE, PROGRAM, SAVE, Editor


class Subject:
    name = ""
    version = "--version"

    def command(self, path):
        raise NotImplementedError

    def open(self, path, home, **options):
        editor = Editor(self.command(path), home, environment={"HOME": home}, **options)
        editor.pump(0.1)
        return editor

    def type(self, editor, text, seconds=0.1):
        editor.send(text, seconds)

    def save(self, editor, seconds=0.1):
        editor.send(SAVE, seconds)

    def has_saved(self, editor):
        raise NotImplementedError

    def restore(self, path, home):
        """Starts again after a kill, takes what is offered and saves it."""
        editor = self.open(path, home)
        editor.until(lambda: editor.text().strip() != "")
        editor.pump(0.5)
        self.take(editor)
        self.save(editor, 0.3)
        editor.until(lambda: self.has_saved(editor), 3)
        editor.end()

    def take(self, editor):
        pass


class Palimpsest(Subject):
    name = "palimpsest"

    def command(self, path):
        return [PROGRAM, path]

    def has_saved(self, editor):
        return "Saved" in editor.foot()

    def take(self, editor):
        while "Enter take" in editor.foot():
            editor.send(ENTER, 0.2)


class Vim(Subject):
    name = "vim"

    def command(self, path):
        return ["vim", "-u", "DEFAULTS", "-i", "NONE", path]

    def type(self, editor, text, seconds=0.1):
        editor.send("i" + text, seconds)

    def save(self, editor, seconds=0.1):
        editor.send(ESCAPE + b":w!\r", seconds)

    def has_saved(self, editor):
        return "written" in editor.last()

    def restore(self, path, home):
        editor = Editor(["vim", "-u", "DEFAULTS", "-i", "NONE", "-r", path], home,
                        environment={"HOME": home})
        editor.pump(0.4)
        editor.send(ENTER, 0.2)
        self.save(editor, 0.3)
        editor.end()


class Nano(Subject):
    name = "nano"

    def command(self, path):
        return ["nano", "-I", path]

    def has_saved(self, editor):
        return "Wrote" in editor.text()


class Micro(Subject):
    name = "micro"

    def command(self, path):
        return ["micro", path]

    def has_saved(self, editor):
        return "Saved" in editor.text()

    def take(self, editor):
        if "recover" in editor.text().lower():
            editor.send("r", 0.2)
            editor.send(ENTER, 0.3)


class Kakoune(Subject):
    name = "kak"
    version = "-version"

    def command(self, path):
        return ["kak", "-n", path]

    def type(self, editor, text, seconds=0.1):
        editor.send("i" + text + "\x1b", seconds)

    def save(self, editor, seconds=0.1):
        editor.send(b":w\r", seconds)

    def has_saved(self, editor):
        return "[+]" not in editor.text() and ":w" not in editor.last()


def present():
    """All of them that are installed, this project's first."""
    others = [Vim(), Nano(), Micro(), Kakoune()]
    return [Palimpsest()] + [one for one in others if shutil.which(one.name)]


def named(names):
    return [one for one in present() if not names or one.name in names]
