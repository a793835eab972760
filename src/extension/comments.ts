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
