/**
 * Text from a file, a path, a model or another process is data, wherever it is shown: it draws nothing on a terminal,
 * hides nothing, begins no line of its own, and becomes no link or icon in VS Code.
 */

/** Control and format characters, line separators, lone surrogates, and everything else that has no visible form. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** UTF-16 units; a path and a sentence or two fit. */
const maxLength = 1000;

/** The text in one line, with every character that cannot be seen written as its code: `\n`, `\u{1b}`. */
export function visibleText(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return short[character] ?? `\\u{${code.toString(16)}}`;
  });
}

/** The visible text without links and icons, at most 1,000 units long: the middle of a longer one is left out. */
export function inertText(text: string): string {
  return shortened(withoutLinks(visibleText(shortened(text))));
}

/** A text's beginning names the file and its end says what to do: both are kept. */
function shortened(text: string): string {
  if (text.length <= maxLength) return text;
  const headLength = Math.floor((maxLength * 2) / 3);
  const head = text.slice(0, headLength).replace(/[\ud800-\udbff]$/, "");
  const tail = text.slice(text.length - (maxLength - headLength - 1)).replace(/^[\udc00-\udfff]/, "");
  return `${head}…${tail}`;
}

/** Breaks up Markdown's links `[…](…)`, VS Code's icons `$(…)`, and addresses of commands. */
function withoutLinks(text: string): string {
  return text.replace(/([\]$])(?=\()/g, "$1 ").replace(/\bcommand:(?=\S)/gi, "$& ");
}
