import { normalize, rawUnits } from "../tokens/normalize.js";
import type { Insertion } from "../structure/insertionPoint.js";
import type { CompletionRequest } from "./completer.js";
import type { DocumentSession } from "./documentSession.js";

/** A position in the editor's units: one raw line and offsets in it, in UTF-16 code units. */
export interface EditorPosition {
  readonly session: DocumentSession;
  readonly line: number;
  readonly rawLine: string;
  readonly character: number;
  /** The selected IntelliSense entry, which would replace [start, end) of the line. */
  readonly selected?: { readonly start: number; readonly end: number; readonly text: string } | undefined;
}

/** A completion in the editor's units: `text` replaces [start, end) of the line. */
export interface EditorCompletion {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The request for a position; undefined if the cursor is within a surrogate pair. */
export function toRequest(
  position: EditorPosition,
  options: Pick<CompletionRequest, "trigger" | "prefixMode" | "neighbors" | "workspace" | "arrivedMs">,
  sentinelBytes: ReadonlySet<number>,
): CompletionRequest | undefined {
  const { rawLine, selected } = position;
  const character = Math.min(position.character, rawLine.length);
  if (/^[\ud800-\udbff][\udc00-\udfff]/.test(rawLine.slice(Math.max(0, character - 1)))) {
    if (character > 0) return undefined;
  }
  const before =
    selected === undefined ? rawLine.slice(0, character) : rawLine.slice(0, selected.start) + selected.text;
  const after = rawLine.slice(selected === undefined ? character : Math.max(character, selected.end));
  return {
    ...options,
    session: position.session,
    line: Math.min(position.line, position.session.document.lineCount - 1),
    linePrefix: wellFormed(normalize(before, sentinelBytes)),
    afterCursor: wellFormed(normalize(after, sentinelBytes)),
    isInDocument: selected === undefined,
  };
}

/**
 * Converts a completion to the editor's units: `shown.replaced` counts code units of normalized text, `end` counts code
 * units of the raw line.
 */
export function toEditorCompletion(
  position: EditorPosition,
  shown: Insertion,
  sentinelBytes: ReadonlySet<number>,
): EditorCompletion {
  const { rawLine, selected } = position;
  const character = Math.min(position.character, rawLine.length);
  const right = selected === undefined ? character : Math.max(character, selected.end);
  return {
    start: selected?.start ?? character,
    end: right + rawUnits(rawLine.slice(right), shown.replaced, sentinelBytes),
    text: (selected?.text ?? "") + shown.text,
  };
}

/** Replaces lone surrogates with U+FFFD, as encoding to UTF-8 does. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}
