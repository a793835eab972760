import type { CountChange } from "./completionCounts.js";

/** One answer with a text, as it stands in the editor. */
export interface Suggestion {
  readonly uri: string;
  /** Where the cursor is; UTF-16 units, as the document counts them. */
  readonly offset: number;
  /** What each of the texts that the user may go through would add from the cursor on, with the document's line ends. */
  readonly remainingTexts: readonly string[];
  /** It extends the selected entry of the suggestion popup: what is put in may be that entry. */
  readonly isOfPopup: boolean;
}

/** One change of a document: all that was replaced at once. */
export interface DocumentEdit {
  readonly uri: string;
  readonly replacements: readonly Replacement[];
  readonly isUndoOrRedo: boolean;
}

interface Replacement {
  readonly offset: number;
  /** How many units the text took the place of. */
  readonly length: number;
  readonly text: string;
}

/**
 * Tells from what happens to documents how ghost text is used. VS Code says only when all of it was accepted, and says so
 * right after the edit that puts it in; whether a word or a line was accepted is inferred from the edit. What each step
 * changes in the counts is returned; a later step may take back what an earlier one counted.
 */
export class AcceptanceTracker {
  #suggestion: (Suggestion & { readonly isPartlyAccepted: boolean }) | undefined;
  /** Of the last edit: how much longer it made the document, and what it was counted as. */
  #last: { readonly grown: number; readonly counted: CountChange } = { grown: 0, counted: {} };

  /** The rest of a suggestion that is typed or accepted along is shown again, but is no other suggestion. */
  shown(suggestion: Suggestion): CountChange {
    const before = this.#suggestion;
    const isContinued = before !== undefined && isSame(before, suggestion);
    this.#suggestion = { ...suggestion, isPartlyAccepted: isContinued && before.isPartlyAccepted };
    return isContinued ? {} : { shown: 1 };
  }

  changed(edit: DocumentEdit): CountChange {
    const [first] = edit.replacements;
    if (first === undefined) return {};
    const counted = this.#countedAs(edit, first);
    this.#last = { grown: Math.max(0, first.text.length - first.length), counted };
    return counted;
  }

  /** The last edit was the acceptance of all that was shown: a suggestion is counted once, however many parts it took. */
  accepted(): CountChange {
    const { grown, counted } = this.#last;
    const wasPartly = this.#suggestion?.isPartlyAccepted === true;
    this.#suggestion = undefined;
    this.#last = { grown: 0, counted: {} };
    return {
      accepted: 1,
      partlyAccepted: wasPartly ? -1 : 0,
      charactersAccepted: grown - (counted.charactersAccepted ?? 0),
      charactersTyped: -(counted.charactersTyped ?? 0),
    };
  }

  #countedAs(edit: DocumentEdit, first: Replacement): CountChange {
    const typedChange = edit.isUndoOrRedo ? {} : { charactersTyped: typedUnits(first.text) };
    const suggestion = this.#suggestion;
    if (suggestion?.uri !== edit.uri) return typedChange;
    const insertedText = withoutCloser(first.text);
    const isAtCursor = edit.replacements.length === 1 && first.offset === suggestion.offset && first.length === 0;
    const isAlong = isAtCursor && !edit.isUndoOrRedo && insertedText !== "";
    const matching = isAlong ? suggestion.remainingTexts.filter((remaining) => remaining.startsWith(insertedText)) : [];
    const isPart = !suggestion.isOfPopup && matching.some((remaining) => isPartOf(remaining, insertedText));
    this.#suggestion = {
      ...suggestion,
      offset: suggestion.offset + insertedText.length,
      remainingTexts: matching
        .map((remaining) => remaining.slice(insertedText.length))
        .filter((remaining) => remaining !== ""),
      isPartlyAccepted: suggestion.isPartlyAccepted || isPart,
    };
    if (!isPart) return typedChange;
    return { partlyAccepted: suggestion.isPartlyAccepted ? 0 : 1, charactersAccepted: insertedText.length };
  }
}

function isSame(one: Suggestion, other: Suggestion): boolean {
  const [next] = other.remainingTexts;
  if (one.uri !== other.uri || one.offset !== other.offset || next === undefined) return false;
  return one.remainingTexts.some((remaining) => remaining.startsWith(next) || next.startsWith(remaining));
}

/**
 * Whether a piece put in at once is an accepted word or line. A key puts in one unit, Enter a line end and indentation;
 * what is as long as all of the rest is either accepted in full, which VS Code says, or was typed.
 */
function isPartOf(remaining: string, insertedText: string): boolean {
  if (insertedText.length >= remaining.length || insertedText.trim() === "" || /^[\r\n]/.test(insertedText))
    return false;
  return (
    insertedText.length >= 3 ||
    (shortWord.test(insertedText) && !wordCharacter.test(remaining.slice(insertedText.length)))
  );
}

const shortWord = /^[\p{L}\p{N}_$]{2}$/u;
const wordCharacter = /^[\p{L}\p{N}_$]/u;

/** The editor puts a closer behind the opener that was typed. */
function withoutCloser(text: string): string {
  return closedPair.test(text) ? text.slice(0, 1) : text;
}

const closedPair = /^(\(\)|\[\]|\{\}|""|''|``)$/;

/** Units that keys put in: longer texts are pasted, generated or taken from the popup, and count as none. */
function typedUnits(text: string): number {
  if (closedPair.test(text) || /^\s*[\r\n]\s*$/.test(text)) return 1;
  return text.length <= 2 ? text.length : 0;
}
