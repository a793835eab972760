/** The last line of a comment, and the indentation of the code that the comment belongs to. */
export interface Comment {
  readonly line: number;
  readonly indentation: string;
}

/** Matches comment lines in common languages, and docstring quotes. */
const commentLine = /^\s*(\/\/|\/\*|\*|#(?!include|define|if|endif|pragma)|--|;|<!--|"""|''')|(\*\/|-->|"""|''')\s*$/;

/** The comment that contains the line or ends right above it, ignoring blank lines; undefined if there is none. */
export function commentAbove(lines: (line: number) => string, from: number): Comment | undefined {
  let line = from;
  while (line > 0 && lines(line).trim() === "") line--;
  if (!commentLine.test(lines(line))) return undefined;
  const indentation = /^\s*/.exec(lines(line))?.[0] ?? "";
  // After its first line, a block comment is indented by one more column.
  const isBlock = /^\s*\*/.test(lines(line));
  return { line, indentation: isBlock ? indentation.replace(/ $/, "") : indentation };
}

/** Start of a line comment, and its end for languages that need one. Languages not listed use `//`. */
const commentDelimiters = new Map<string, readonly [string, string?]>(
  Object.entries({
    ...withLineComment(
      "#",
      "python shellscript powershell ruby perl r julia elixir yaml toml makefile dockerfile coffeescript ini nim tcl awk nix fish cmake",
    ),
    ...withLineComment("--", "sql lua haskell elm ada vhdl lean applescript"),
    ...withLineComment(";", "clojure lisp scheme racket asm"),
    ...withLineComment("%", "latex tex matlab erlang prolog"),
    html: ["<!--", "-->"],
    xml: ["<!--", "-->"],
    markdown: ["<!--", "-->"],
    vue: ["<!--", "-->"],
    svelte: ["<!--", "-->"],
    css: ["/*", "*/"],
    vb: ["'"],
    bat: ["REM"],
    vim: ['"'],
    viml: ['"'],
    cobol: ["*>"],
    ...withLineComment("!", "fortran fortran-modern FortranFreeForm FortranFixedForm"),
  }),
);

function withLineComment(delimiter: string, languages: string): Record<string, readonly [string]> {
  return Object.fromEntries(languages.split(" ").map((language) => [language, [delimiter] as const]));
}

/** Formats text as a comment on one line. */
export function asComment(languageId: string, text: string): string {
  const [begin, end] = commentDelimiters.get(languageId) ?? ["//"];
  const line = `${begin} ${text.trim().replace(/\s+/g, " ")}`;
  return end === undefined ? line : `${line} ${end}`;
}
