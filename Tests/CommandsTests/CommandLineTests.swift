import ArgumentParser
import Testing

@testable import palimpsest

/// Which command a command line is.
@Suite struct CommandLineTests {
  @Test(arguments: [[], ["letter.txt"], ["+8:327", "letter.txt"], ["./fill", "fill"]])
  func filesAreEdited(_ arguments: [String]) throws {
    let plain = try #require(try Palimpsest.command(arguments) as? PlainEdit)
    #expect(plain.files == arguments)
  }

  @Test(arguments: [["--view", "a.txt"], ["a.txt", "--view"], ["a.txt", "-R"]])
  func optionsAreTheParsers(_ arguments: [String]) throws {
    let edit = try #require(try Palimpsest.command(arguments) as? Edit)
    #expect(edit.file == ["a.txt"] && edit.view)
  }

  @Test func subcommandsComeBeforeFiles() throws {
    let fill = try Palimpsest.command(["fill", "a.txt", "--between", "-a", "b"])
    #expect(fill is FillCommand)
    let version = try Palimpsest.command(["version"])
    #expect(version is VersionCommand)
    let edit = try #require(try Palimpsest.command(["edit", "fill"]) as? Edit)
    #expect(edit.file == ["fill"])
  }

  @Test(arguments: ["--help", "-h", "help"])
  func helpIsThatOfAllCommands(_ argument: String) throws {
    let command = try Palimpsest.command([argument])
    #expect(!(command is Edit) && !(command is PlainEdit))
  }

  @Test(arguments: ["--version", "--no-such-option"])
  func errorsAreThoseOfTheRoot(_ argument: String) {
    func message(_ parse: ([String]) throws -> any ParsableCommand) -> String? {
      do {
        _ = try parse([argument])
        return nil
      } catch {
        return Palimpsest.fullMessage(for: error)
      }
    }
    let found = message { try Palimpsest.command($0) }
    let expected = message { try Palimpsest.parseAsRoot($0) }
    #expect(found != nil && found == expected)
  }
}
