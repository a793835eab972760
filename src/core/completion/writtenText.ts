import { possibleRepetitionStop } from "../decoding/repetitionStops.js";
import { applyFilters } from "../filters/applyFilters.js";
import { strayBranch } from "../filters/branches.js";
import { strayDirective } from "../filters/directives.js";
import { withoutRepetitionBelow } from "../filters/repetitionBelow.js";
import { endlessRun } from "../filters/endlessRun.js";
import { firstLineEnd, singleBlank } from "../filters/layout.js";
import { strayBrace } from "../filters/plainBrackets.js";
import { endsBeforePlainQuote } from "../filters/plainQuotes.js";
import { lastSeparator } from "../filters/separators.js";
import { unreadable } from "../filters/unreadable.js";
import { whitespaceOnly } from "../filters/visible.js";
import { missingWhitespace } from "../structure/indentStyle.js";
import { fitted } from "../structure/insertion.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { withLineClosed } from "../structure/lineClosers.js";
import { mappingOf, outerColumns, reindented, type ColumnMapping } from "../structure/reindent.js";
import { areClosersOnly, traced } from "../structure/trace.js";

/** Text that is shown while it is decoded. Shown text never changes, so only lines that are final are sent. */
export class WrittenText {
  readonly #point: InsertionPoint;
  /** Indentation that the cursor's line lacks; it is inserted with the text. */
  readonly #missing: string;
  readonly #onText: (more: Insertion) => void;
  #mapping: ColumnMapping | undefined;
  #sent = "";
  /** The indentation that was sent before the text. */
  #indentation = "";
  #replaced = 0;

  constructor(point: InsertionPoint, missing: string, onText: (more: Insertion) => void) {
    this.#point = point;
    this.#missing = missing;
    this.#onText = onText;
  }

  /**
   * Sends the whole lines that are final. The last line is not final, because it may turn out to be past the end of the
   * text. Equal copies at the end are not final either, because only the first one stays if more follow.
   */
  continued(soFar: string): void {
    const unrepeated = soFar.slice(0, possibleRepetitionStop(soFar));
    const certain = unrepeated.slice(0, Math.max(0, unrepeated.lastIndexOf("\n"))).trimEnd();
    // A single line before other text is sent only at the end, because the filters judge it as a whole.
    const isAlone = this.#point.afterCursor.trim() === "" || certain.includes("\n");
    if (certain === "" || !isAlone || !areClosersOnly(this.#point.afterCursor)) return;
    const text = this.#withoutLastSeparator(
      withoutRepetitionBelow(this.#shaped(certain), this.#point, "possible").trimEnd(),
    );
    if (text === "") return;
    if (this.#sent === "" && typeof applyFilters(certain, this.#point) === "string") return;
    const { cut, replaced } = traced(text, this.#point);
    // If the text so far ends with the same separator that follows the cursor, the separator is held back, because the
    // complete text may replace the one after the cursor.
    const right = this.#point.afterCursor.slice(replaced).trimStart().charAt(0);
    const isDoubled = /[;,]/.test(right) && text.endsWith(right);
    if (cut === undefined) this.#send({ text: isDoubled ? text.slice(0, -1) : text, replaced });
  }

  /** Sends the part of the whole text that has not been sent yet. @returns all text that was sent. */
  ended(whole: string): string {
    const last =
      this.#sent === ""
        ? applyFilters(whole, this.#point)
        : fitted(withoutRepetitionBelow(this.#shaped(whole.trimEnd()), this.#point, "ended"), this.#point, "closed");
    const closed = typeof last === "object" ? (fitted(last.text, this.#point, "closed") ?? last) : undefined;
    const visible = closed && whitespaceOnly(withLineClosed(closed, this.#point), this.#point);
    if (visible !== undefined) this.#send(visible);
    return this.#sent === "" ? "" : this.#indentation + this.#sent;
  }

  #shaped(text: string): string {
    let candidate: Insertion | undefined = { text, replaced: 0 };
    for (const filter of [
      unreadable,
      endlessRun,
      endsBeforePlainQuote,
      firstLineEnd,
      singleBlank,
      strayBranch,
      strayDirective,
      strayBrace,
    ]) {
      if (candidate !== undefined) candidate = filter(candidate, this.#point);
    }
    const own = candidate?.text ?? "";
    this.#mapping ??= mappingOf(own, this.#point);
    const reshaped = reindented(own, this.#point, this.#mapping);
    return lastSeparator({ text: reshaped, replaced: 0 }, this.#point)?.text ?? reshaped;
  }

  /**
   * In languages without trailing commas, a final comma is held back until the next line, which may begin with a
   * closer.
   */
  #withoutLastSeparator(text: string): string {
    return this.#point.state.frame.grammar.allowsTrailingComma ? text : text.replace(/,\s*$/, "");
  }

  /** The indentation that a text needs, which is less than its block's for a closer or a case. */
  #indentationOf(text: string): string {
    const { linePrefix, unit } = this.#point;
    const [first] = this.#missing === "" ? [] : this.#point.linesOf(text);
    const columns = first && outerColumns(first, this.#point);
    if (columns === undefined) return this.#missing;
    return missingWhitespace(linePrefix.slice(0, linePrefix.length - this.#missing.length), columns, unit);
  }

  #send({ text, replaced }: Insertion): void {
    if (text.length <= this.#sent.length || !text.startsWith(this.#sent)) return;
    const isFirst = this.#sent === "";
    if (isFirst) this.#indentation = this.#indentationOf(text);
    const more = (isFirst ? this.#indentation : "") + text.slice(this.#sent.length);
    this.#onText({ text: more, replaced: Math.max(0, replaced - this.#replaced) });
    this.#sent = text;
    this.#replaced = Math.max(this.#replaced, replaced);
  }
}
