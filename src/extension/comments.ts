/** The last line of a comment, and what its lines are indented by. */
export interface Comment {
  readonly line: number;
  readonly indentation: string;
}

/** Lines that are comments in the languages that most people write; a docstring's quotes count too. */
const commentLine = /^\s*(\/\/|\/\*|\*|#(?!include|define|if|endif|pragma)|--|;|<!--|"""|''')|(\*\/|-->|"""|''')\s*$/;

/** The comment that a line is in or right under; undefined where there is none. Blank lines between do not count. */
export function commentAbove(lines: (line: number) => string, from: number): Comment | undefined {
  let line = from;
  while (line > 0 && lines(line).trim() === "") line--;
  if (!commentLine.test(lines(line))) return undefined;
  const indentation = /^\s*/.exec(lines(line))?.[0] ?? "";
  // The lines of a block comment are indented by one more than what it stands before.
  const isBlock = /^\s*\*/.test(lines(line));
  return { line, indentation: isBlock ? indentation.replace(/ $/, "") : indentation };
}

/** What comments of a language begin with, and end with where that is not the line's end. Most have those of C. */
const commentDelimiters = new Map<string, readonly [string, string?]>(
  Object.entries({
    ...withLineComment(
      "#",
      "python shellscript powershell ruby perl r julia elixir yaml toml makefile dockerfile coffeescript ini",
    ),
    ...withLineComment("--", "sql lua haskell elm ada vhdl"),
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
  }),
);

function withLineComment(delimiter: string, languages: string): Record<string, readonly [string]> {
  return Object.fromEntries(languages.split(" ").map((language) => [language, [delimiter] as const]));
}

/** A text as a comment of one line. */
export function asComment(languageId: string, text: string): string {
  const [begin, end] = commentDelimiters.get(languageId) ?? ["//"];
  const line = `${begin} ${text.trim().replace(/\s+/g, " ")}`;
  return end === undefined ? line : `${line} ${end}`;
}
