// Whether a document leaves out end tags that HTML makes optional.
import { framesInside, type Frame } from "./frame.js";
import { mayLackEndTag, nameOf } from "./htmlElements.js";
import type { InsertionPoint } from "./insertionPoint.js";
import type { Trace } from "./trace.js";

/**
 * True for an element that an inserted text leaves open and whose end tag is optional, if the document, or the text,
 * leaves out such end tags: all of them so far, or at least two. If no other element of this name has ended, those of
 * other names decide.
 */
export function mayStayWithoutEndTag(frame: Frame, text: string, trace: Trace, point: InsertionPoint): boolean {
  const own = nameOf(frame.closer);
  if (frame.kind !== "element" || frame.grammar.markup !== "html" || !mayLackEndTag(own)) return false;
  const tags = tagsWith(text, trace, point);
  /** Elements that have not ended yet neither have an end tag nor lack one. */
  const open = framesInside(trace.frame, 0)
    .filter(({ depth }) => depth > trace.outerDepth || point.surroundings.closedAt[depth]?.kind === "nowhere")
    .map(({ closer }) => nameOf(closer));
  const countsOf = (isCounted: (name: string) => boolean): { omitted: number; written: number } => {
    const written = tags.filter(({ name, isEnd }) => isEnd && isCounted(name)).length;
    const started = tags.filter(({ name, isEnd }) => !isEnd && isCounted(name)).length;
    return { omitted: started - written - open.filter(isCounted).length, written };
  };
  const ofOwn = countsOf((name) => name === own);
  const { omitted, written } = ofOwn.omitted > 0 || ofOwn.written > 0 ? ofOwn : countsOf(mayLackEndTag);
  return omitted >= (written === 0 ? 1 : 2);
}

/** The tags near the cursor and in the text. */
function tagsWith(
  text: string,
  { replaced }: Trace,
  { above, below, linePrefix, afterCursor }: InsertionPoint,
): { readonly name: string; readonly isEnd: boolean }[] {
  const line = linePrefix + text + afterCursor.slice(replaced);
  const all = [...above.map((one) => one.text), line, ...below].join("\n");
  return [...all.matchAll(/<(\/?)([a-z][\w-]*)/gi)].map(([, slash = "", name = ""]) => ({
    name: name.toLowerCase(),
    isEnd: slash !== "",
  }));
}
