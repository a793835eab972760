// Quotes that are text of a string, such as those of JSON in a heredoc. The lexer does not count them, but readers do.
import { framesInside } from "../structure/frame.js";
import { areClosersOnly } from "../structure/trace.js";
import type { Filter } from "./filter.js";

/**
 * Cuts a text before a quote that would double the quote after the cursor, if the quote there ends a string that is
 * itself text of another string. Closers of an interpolation may precede the quote: "a": "$(b║)".
 */
export const endsBeforePlainQuote: Filter = (candidate, { linePrefix, afterCursor, state }) => {
  const ending = /^[)\]}]*(["'`])/.exec(afterCursor);
  const quote = ending?.[1];
  const string = framesInside(state.frame, 0).find(({ kind }) => kind === "string");
  if (ending === null || quote === undefined || string?.rule?.isMultiline !== true) return candidate;
  if (!areClosersOnly(afterCursor) || afterCursor.includes(string.closer)) return candidate;
  const [line = ""] = candidate.text.split("\n");
  const isInside = (text: string): boolean => text.split(quote).length % 2 === 0;
  const at = isInside(linePrefix) && isInside(line) ? line.lastIndexOf(ending[0]) : -1;
  return at === -1 ? candidate : { ...candidate, text: candidate.text.slice(0, at) };
};
