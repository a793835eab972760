import { normalise, rawUnits } from "../text/normalise.js";
import type { Insertion } from "../structure/insertionPoint.js";
import type { CompletionRequest } from "./completer.js";
import type { DocumentSession } from "./documentSession.js";

/** A place in the editor's own terms: one raw line and UTF-16 offsets in it. */
export interface EditorPlace {
  readonly session: DocumentSession;
  readonly line: number;
  readonly rawLine: string;
  readonly character: number;
  /** The IntelliSense entry that is selected: its text would replace [start, end) of the line. */
  readonly selected: { readonly start: number; readonly end: number; readonly text: string } | undefined;
}

/** An answer in the editor's terms: `text` replaces [start, end) of the line. */
export interface EditorAnswer {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The request for a place; undefined where there is none to make (the cursor tears a surrogate pair). */
export function requestAt(
  place: EditorPlace,
  rest: Pick<CompletionRequest, "trigger" | "longPrefix" | "neighbours" | "arrivedMs">,
  sentinelBytes: ReadonlySet<number>,
): CompletionRequest | undefined {
  const { rawLine, selected } = place;
  const character = Math.min(place.character, rawLine.length);
  if (/^[\ud800-\udbff][\udc00-\udfff]/.test(rawLine.slice(Math.max(0, character - 1)))) {
    if (character > 0) return undefined;
  }
  const before =
    selected === undefined ? rawLine.slice(0, character) : rawLine.slice(0, selected.start) + selected.text;
  const after = rawLine.slice(selected === undefined ? character : Math.max(character, selected.end));
  return {
    ...rest,
    session: place.session,
    line: Math.min(place.line, place.session.document.lineCount - 1),
    typed: wellFormed(normalise(before, sentinelBytes)),
    rest: wellFormed(normalise(after, sentinelBytes)),
    isInDocument: selected === undefined,
  };
}

/** Back to the editor's offsets: what the text right of the cursor was before it was normalised. */
export function editorAnswer(place: EditorPlace, shown: Insertion, sentinelBytes: ReadonlySet<number>): EditorAnswer {
  const { rawLine, selected } = place;
  const character = Math.min(place.character, rawLine.length);
  const right = selected === undefined ? character : Math.max(character, selected.end);
  return {
    start: selected?.start ?? character,
    end: right + rawUnits(rawLine.slice(right), shown.replaced, sentinelBytes),
    text: (selected?.text ?? "") + shown.text,
  };
}

/** As its UTF-8 form reads: a lone surrogate is U+FFFD. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}
