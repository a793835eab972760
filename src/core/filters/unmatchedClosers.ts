/** What is open at some place of a line. */
type Open =
  | { readonly kind: "bracket"; readonly at: number; readonly closer: string }
  | { readonly kind: "string"; readonly at: number; readonly closer: string; readonly hole: RegExp };

const closerOf: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };

/** What leaves a string for code, where a `}` follows; sticky. */
const holes = { usual: /[$#]\{/y, format: /\{/y, none: /(?!)/y } as const;

/** All else says nothing. */
const telling = /["'`\\()[\]{}<>;,$#\n]/;

const closers = /^[)\]}>"'`;,\s]*$/;

/** True where a text is closing brackets, quotes and blanks alone. */
export function areOnlyClosers(text: string): boolean {
  return closers.test(text);
}

/** The closers of text behind `typed` that close nothing in it: what they close stands in `typed`, or further above. */
export function unmatchedClosers(typed: string, added: string): string {
  const text = typed + added;
  const lastBrace = text.lastIndexOf("}");
  const open: Open[] = [];
  let unmatched = "";
  /** Closes what is open last, or something further above. */
  const close = (closer: string, at: number): void => {
    const last = open.at(-1)?.closer === closer ? open.pop() : undefined;
    if (at < typed.length || (last !== undefined && last.at >= typed.length)) return;
    if (last !== undefined || closer !== ">") unmatched += closer;
  };
  for (let at = 0; at < text.length; at++) {
    const unit = text.charAt(at);
    if (!telling.test(unit)) continue;
    const last = open.at(-1);
    if (last?.kind === "string") {
      const hole = at < lastBrace ? holeLength(text, at, last.hole) : 0;
      if (unit === "\\") at++;
      else if (last.hole === holes.format && text.startsWith("{{", at)) at++;
      else if (hole > 0) {
        at += hole - 1;
        open.push({ kind: "bracket", at, closer: "}" });
      } else if (text.startsWith(last.closer, at)) {
        close(last.closer, at);
        at += last.closer.length - 1;
      } else if (unit === "\n" && /^["']$/.test(last.closer)) open.pop();
    } else if (unit === "\\" && /["'`\\]/.test(text.charAt(at + 1))) {
      at++;
    } else if ("\"'`".includes(unit)) {
      if (!opensString(text, at, last)) continue;
      const closer = text.startsWith(unit.repeat(3), at) ? unit.repeat(3) : unit;
      open.push({ kind: "string", at, closer, hole: holeOf(text, at) });
      at += closer.length - 1;
    } else if ("([{".includes(unit) || (unit === "<" && /[^\s=<]/.test(text.charAt(at + 1)))) {
      open.push({ kind: "bracket", at, closer: closerOf[unit] ?? "" });
    } else if (")]}>".includes(unit) && !isArrow(text, at)) {
      // A comparison leaves a `<` that nothing closes.
      while (unit !== ">" && open.at(-1)?.closer === ">") open.pop();
      close(unit, at);
    } else if (";,".includes(unit) && at >= typed.length && (last === undefined || last.at < typed.length)) {
      if (areOnlyClosers(text.slice(at))) unmatched += unit;
    }
  }
  return unmatched;
}

/** The `>` of `=>` and `->`. */
function isArrow(text: string, at: number): boolean {
  return text.charAt(at) === ">" && /[-=]/.test(text.charAt(at - 1));
}

function holeLength(text: string, at: number, hole: RegExp): number {
  hole.lastIndex = at;
  return hole.exec(text)?.[0].length ?? 0;
}

/** By what stands before the quote: `f"` in Python, `$"` in C#. */
function holeOf(text: string, at: number): RegExp {
  if (/\b(f|F|[fF][rR]|[rR][fF])$|\$@?$/.test(before(text, at))) return holes.format;
  return text.charAt(at) === "'" ? holes.none : holes.usual;
}

/** False for an apostrophe and for the quote of a lifetime. */
function opensString(text: string, at: number, within: Open | undefined): boolean {
  if (text.charAt(at) !== "'") return true;
  const left = before(text, at);
  const right = text.slice(at, at + 40);
  const another = text.indexOf("'", at + 1);
  if (another < 0 || text.slice(at, another).includes("\n")) return false;
  if (/\w$/.test(left)) return /\b([fFrRbBuU]{1,2}|L|u8)$/.test(left);
  if (/(^|[^&])&$/.test(left)) return !/^'\w+\b(?!')/.test(right);
  return within?.closer !== ">" || !/[<,:+]\s*$/.test(left) || !/^'\w+\s*[>,:+]/.test(right);
}

/** The few units before a place that tell what stands there. */
function before(text: string, at: number): string {
  return text.slice(Math.max(0, at - 4), at);
}
