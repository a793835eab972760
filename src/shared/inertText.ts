/**
 * Text from a file, a path, a model or another process must be harmless wherever it is displayed: it must not control a
 * terminal, hide characters, start a new line, or become a link or an icon in VS Code.
 */

/** Control and format characters, line separators, lone surrogates, and other characters that are not displayed. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** In UTF-16 code units: enough for a path and a sentence or two. */
const maxLength = 1000;

/** The text on one line, with invisible characters as escapes: `\n`, `\u{1b}`. */
export function visibleText(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return short[character] ?? `\\u{${code.toString(16)}}`;
  });
}

/** Visible text without links and icons. If it exceeds 1,000 UTF-16 code units, an ellipsis replaces its middle. */
export function inertText(text: string): string {
  return shortened(withoutLinks(visibleText(shortened(text))));
}

/** Keeps both ends: the start usually names the file, and the end says what to do. */
function shortened(text: string): string {
  if (text.length <= maxLength) return text;
  const headLength = Math.floor((maxLength * 2) / 3);
  const head = text.slice(0, headLength).replace(/[\ud800-\udbff]$/, "");
  const tail = text.slice(text.length - (maxLength - headLength - 1)).replace(/^[\udc00-\udfff]/, "");
  return `${head}…${tail}`;
}

/** Breaks Markdown links `[…](…)`, VS Code icons `$(…)`, and command URIs. */
function withoutLinks(text: string): string {
  return text.replace(/([\]$])(?=\()/g, "$1 ").replace(/\bcommand:(?=\S)/gi, "$& ");
}
