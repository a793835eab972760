// Tells whether a document leaves out end tags that HTML makes optional.
import { framesInside, type Frame } from "./frame.js";
import { mayLackEndTag, nameOf } from "./htmlElements.js";
import type { InsertionPoint } from "./insertionPoint.js";
import { Lexer } from "./lexer.js";
import type { Trace } from "./trace.js";

/**
 * Returns a function that is true for an element that may stay without its end tag: the tag is optional, and the
 * document or the inserted text leaves out such end tags, either all of them so far or at least two. If no other
 * element of this name has ended, elements of other names decide.
 */
export function mayStayWithoutEndTag(text: string, trace: Trace, point: InsertionPoint): (frame: Frame) => boolean {
  return ({ kind, closer, grammar }) => {
    const own = nameOf(closer);
    if (kind !== "element" || grammar.markup !== "html" || !mayLackEndTag(own)) return false;
    const tags = tagsWith(text, trace, point);
    /** The elements that are still open. They neither have an end tag nor lack one. */
    const open = framesInside(trace.frame, 0)
      .filter(({ depth }) => depth > trace.outerDepth || point.surroundings.closedAt[depth]?.kind === "nowhere")
      .map((frame) => nameOf(frame.closer));
    const countsOf = (isCounted: (name: string) => boolean): { omitted: number; written: number } => {
      const written = tags.filter(({ name, isEnd }) => isEnd && isCounted(name)).length;
      const started = tags.filter(({ name, isEnd }) => !isEnd && isCounted(name)).length;
      return { omitted: started - written - open.filter(isCounted).length, written };
    };
    const ofOwn = countsOf((name) => name === own);
    const { omitted, written } = ofOwn.omitted > 0 || ofOwn.written > 0 ? ofOwn : countsOf(mayLackEndTag);
    return omitted >= (written === 0 ? 1 : 2);
  };
}

/** The tags near the cursor and in the text. Whatever only looks like a tag in a script or a comment is left out. */
function tagsWith(
  text: string,
  { replaced }: Trace,
  { above, below, linePrefix, afterCursor, lineStart }: InsertionPoint,
): readonly { readonly name: string; readonly isEnd: boolean }[] {
  const line = linePrefix + text + afterCursor.slice(replaced);
  const all = [...above.map((one) => one.text), line, ...below].join("\n");
  const frame = above[0]?.start ?? lineStart.frame;
  const lexer = new Lexer(encoder.encode(all), 0, { frame, indent: frame.indent, columns: 0, isFirst: true });
  const tags = [];
  let [units, bytes] = [0, 0];
  for (const { index, 1: slash, 2: name = "" } of all.matchAll(/<(\/?)([a-z][\w-]*)/gi)) {
    bytes += encoder.encode(all.slice(units, index)).length;
    units = index;
    lexer.advance(bytes);
    if (lexer.at === bytes && lexer.frame.mode === "text") tags.push({ name: name.toLowerCase(), isEnd: slash !== "" });
  }
  return tags;
}

const encoder = new TextEncoder();
