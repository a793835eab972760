import type { CountChange } from "./counts.js";

/** A completion as the editor shows it. */
export interface Suggestion {
  readonly uri: string;
  /** The cursor's offset in the document, in UTF-16 code units. */
  readonly offset: number;
  /**
   * For each alternative that the user can cycle through: the text it would insert after the cursor, with the
   * document's line endings.
   */
  readonly remainingTexts: readonly string[];
  /** True if the completion extends the selected entry of the suggestion popup. The user may insert just that entry. */
  readonly isOfPopup: boolean;
}

/** One change of a document: all parts that were replaced at once. */
export interface DocumentEdit {
  readonly uri: string;
  readonly replacements: readonly Replacement[];
  readonly isUndoOrRedo: boolean;
}

interface Replacement {
  readonly offset: number;
  /** Number of UTF-16 code units that the text replaces. */
  readonly length: number;
  readonly text: string;
}

/**
 * Infers from document changes how ghost text is used. VS Code reports only full acceptances, right after the edit that
 * inserts the text; an accepted word or line must be inferred from the edit. Each method returns the change in the
 * counts. A later change may correct an earlier one.
 */
export class AcceptanceTracker {
  #suggestion: (Suggestion & { readonly isPartlyAccepted: boolean }) | undefined;
  /** The last edit: how many code units its first replacement added to the document, and how it was counted. */
  #last: { readonly grown: number; readonly counted: CountChange } = { grown: 0, counted: {} };

  /**
   * Call when a suggestion is shown. After the user has typed or accepted a part of a suggestion, the editor shows the
   * remainder, which counts as the same suggestion.
   */
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

  /**
   * Call after `changed` if the edit was a full acceptance. A suggestion is counted once, even if it was accepted in
   * several parts.
   */
  accepted(): CountChange {
    const { grown, counted } = this.#last;
    const wasPartly = this.#suggestion?.isPartlyAccepted === true;
    this.#suggestion = undefined;
    this.#last = { grown: 0, counted: {} };
    return {
      accepted: 1,
      partlyAccepted: wasPartly ? -1 : 0,
      typedOut: -(counted.typedOut ?? 0),
      charactersAccepted: grown - (counted.charactersAccepted ?? 0),
      charactersTyped: -(counted.charactersTyped ?? 0),
    };
  }

  #countedAs(edit: DocumentEdit, first: Replacement): CountChange {
    const typedChange = edit.isUndoOrRedo ? {} : { charactersTyped: typedUnits(first.text) };
    const suggestion = this.#suggestion;
    if (suggestion?.uri !== edit.uri) return typedChange;
    const insertedText = withoutCloser(first.text);
    const isInsertion = first.length === 0 || isTypedOver(first);
    const isAtCursor = edit.replacements.length === 1 && first.offset === suggestion.offset && isInsertion;
    const isAlong = isAtCursor && !edit.isUndoOrRedo && insertedText !== "";
    const matching = isAlong ? suggestion.remainingTexts.filter((remaining) => remaining.startsWith(insertedText)) : [];
    const isPart = !suggestion.isOfPopup && matching.some((remaining) => isPartOf(remaining, insertedText));
    const remainingTexts = matching
      .map((remaining) => remaining.slice(insertedText.length))
      .filter((remaining) => remaining !== "");
    this.#suggestion = {
      ...suggestion,
      offset: suggestion.offset + insertedText.length,
      remainingTexts,
      isPartlyAccepted: suggestion.isPartlyAccepted || isPart,
    };
    if (!isPart) {
      const isAtEnd = matching.length > 0 && remainingTexts.length === 0 && typedUnits(first.text) > 0;
      return isAtEnd && !suggestion.isPartlyAccepted ? { ...typedChange, typedOut: 1 } : typedChange;
    }
    return { partlyAccepted: suggestion.isPartlyAccepted ? 0 : 1, charactersAccepted: insertedText.length };
  }
}

function isSame(one: Suggestion, other: Suggestion): boolean {
  const [next] = other.remainingTexts;
  if (one.uri !== other.uri || one.offset !== other.offset || next === undefined) return false;
  return one.remainingTexts.some((remaining) => remaining.startsWith(next) || next.startsWith(remaining));
}

/**
 * True if text that was inserted at once is an accepted word or line. False for a keystroke, which inserts one code
 * unit, and for Enter, which inserts a newline with indentation. Also false for text that completes the suggestion: it
 * was typed or fully accepted, and VS Code itself reports full acceptances.
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

/** Removes the closer that the editor adds after a typed opener. */
function withoutCloser(text: string): string {
  return closedPair.test(text) ? text.slice(0, 1) : text;
}

/** Whether a closer replaced one character: presumably the same closer, which the editor had added. */
function isTypedOver({ length, text }: Replacement): boolean {
  return length === 1 && /^[)\]}"'`]$/.test(text);
}

const closedPair = /^(\(\)|\[\]|\{\}|""|''|``)$/;

/**
 * Number of UTF-16 code units that were typed. A pair of brackets or quotes, or Enter with indentation, counts as 1.
 * Longer text counts as 0: it was pasted, generated or taken from the popup.
 */
function typedUnits(text: string): number {
  if (closedPair.test(text) || /^\s*[\r\n]\s*$/.test(text)) return 1;
  return text.length <= 2 ? text.length : 0;
}
