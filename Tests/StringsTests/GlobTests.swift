import Testing

@testable import Strings

struct GlobTests {
  private func check(_ pattern: String, _ syntax: Glob.Syntax, _ fits: [String], not: [String]) {
    let glob = Glob(pattern, syntax)
    for text in fits { #expect(glob.matches(text), "\(pattern): \(text)") }
    for text in not { #expect(!glob.matches(text), "\(pattern): \(text)") }
  }

  @Test func plainPatterns() {
    check("*.txt", .plain, ["a.txt", ".txt", "a/b.txt"], not: ["a.txt.x", "atxt"])
    check("*.tpl.*", .plain, ["a.tpl.b", ".tpl."], not: ["a.tpl"])
    check("a?c", .plain, ["abc", "a/c", "aéc"], not: ["ac", "abbc"])
    check("[a-c]x[!0-9]", .plain, ["axb", "cx/"], not: ["dxb", "ax5", "ax"])
    check("[^a]", .plain, ["b"], not: ["a"])
    check("[]a]", .plain, ["]", "a"], not: ["b"])
    check("[[:digit:]_]*", .plain, ["1x", "_"], not: ["x1"])
    check("[a-]", .plain, ["a", "-"], not: ["b"])
    check("\\*\\?\\[\\\\", .plain, ["*?[\\"], not: ["a?[\\"])
    check("[ab", .plain, ["[ab"], not: ["a"])
    check("a\\", .plain, ["a\\"], not: ["a"])
    check("{a,b}", .plain, ["{a,b}"], not: ["a"])
    check("", .plain, [""], not: ["a"])
    check("**", .plain, ["", "a/b"], not: [])
  }

  @Test func ignorePatterns() {
    check("**/cache", .ignoreFile, ["cache", "a/cache", "a/b/cache"], not: ["xcache", "cache/a"])
    check(
      "a/**/z.txt", .ignoreFile, ["a/z.txt", "a/b/z.txt", "a/b/c/z.txt"],
      not: ["z.txt", "a/bz.txt"])
    check("logs/**", .ignoreFile, ["logs/a", "logs/a/b"], not: ["logs", "xlogs/a"])
    check("*.o", .ignoreFile, ["x.o"], not: ["a/x.o"])
    check("docs/*.html", .ignoreFile, ["docs/a.html"], not: ["docs/b/c.html"])
    check("a**b", .ignoreFile, ["ab", "axxb"], not: ["a/b"])
    check("a?b[!x]c", .ignoreFile, ["a1b2c"], not: ["a/b2c", "a1b/c"])
  }

  /// The cases of editorconfig-core-test's `glob`.
  @Test func editorConfigPatterns() {
    check("a*e.c", .editorConfig, ["ace.c", "abcde.c", "ae.c"], not: ["a/e.c", "abc.c"])
    check("**/b.c", .editorConfig, ["b.c", "a/b.c", "a/x/b.c"], not: ["ab.c"])
    check("d/**/e.c", .editorConfig, ["d/e.c", "d/x/e.c", "d/x/y/e.c"], not: ["de.c", "d/xe.c"])
    check(
      "lib/**.js", .editorConfig, ["lib/a.js", "lib/a/b.js", "lib/.js"], not: ["a.js", "lib/a.jsx"])
    check("[ab].a", .editorConfig, ["a.a", "b.a"], not: ["c.a", "ab.a"])
    check("[!ab].b", .editorConfig, ["c.b"], not: ["a.b", "/.b"])
    check("[d-g].c", .editorConfig, ["f.c"], not: ["h.c"])
    check("[!d-g].d", .editorConfig, ["h.d"], not: ["f.d"])
    check("[abd-g].e", .editorConfig, ["e.e"], not: ["c.e"])
    check("[-ab].f", .editorConfig, ["-.f", "a.f"], not: ["c.f"])
    check("ab[e/]cd.i", .editorConfig, ["ab[e/]cd.i"], not: ["abecd.i", "ab/cd.i"])
    check("ab[/c", .editorConfig, ["ab[/c"], not: ["abc"])
    check("[^a].g", .editorConfig, ["^.g", "a.g"], not: ["b.g"])
    check("*.{py,js,html}", .editorConfig, ["t.py", "t.js"], not: ["t.pyc", "py"])
    check("{single}.b", .editorConfig, ["{single}.b"], not: ["single.b"])
    check("{}.c", .editorConfig, ["{}.c"], not: [".c"])
    check("a{b,c,}.d", .editorConfig, ["ab.d", "a.d"], not: ["abc.d"])
    check("a{,b,,c,}.e", .editorConfig, ["a.e", "ac.e"], not: ["abc.e"])
    check("{.f", .editorConfig, ["{.f"], not: [".f"])
    check("{word,{also},this}.g", .editorConfig, ["word.g", "{also}.g", "this.g"], not: ["also.g"])
    check("{a,{b,c}d}", .editorConfig, ["a", "bd", "cd"], not: ["b", "d"])
    check("{{a,b},c}x.k", .editorConfig, ["ax.k", "cx.k"], not: ["x.k"])
    check("a{b,c}.{d", .editorConfig, ["a{b,c}.{d"], not: ["ab.{d"])
    check("{a\\,b,c}", .editorConfig, ["a,b", "c"], not: ["a"])
    check("a\\{b,c\\}", .editorConfig, ["a{b,c}"], not: ["ab"])
    check("{3..120}", .editorConfig, ["3", "15", "120"], not: ["1", "121", "060", "5a", "a"])
    check("{-3..3}x", .editorConfig, ["-3x", "0x", "+2x"], not: ["-4x", "-x", "00x"])
    check("{9..1}", .editorConfig, ["5"], not: ["10"])
    check("{aardvark..antelope}", .editorConfig, ["{aardvark..antelope}"], not: ["abacus"])
    check("Makefile", .editorConfig, ["Makefile"], not: ["makefile", "a/Makefile"])
    check("{*.md,docs/**}", .editorConfig, ["a.md", "docs/x/y"], not: ["x/a.md"])
  }

  /// Patterns on which matching by trial takes forever.
  @Test func hardPatternsEnd() {
    let text = String(repeating: "a", count: 5000)
    #expect(!Glob(String(repeating: "*a", count: 50) + "b", .plain).matches(text))
    #expect(!Glob(String(repeating: "{a,aa}", count: 60) + "b", .editorConfig).matches(text))
    #expect(Glob(String(repeating: "{*,**}", count: 60), .editorConfig).matches(text))
  }
}
