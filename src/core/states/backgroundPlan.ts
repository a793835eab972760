import { blockTokens } from "../tokens/tokenPrefix.js";
import type { Anchor } from "./anchor.js";
import type { BackgroundDocument, BackgroundReaderOptions } from "./backgroundReaderOptions.js";
import { nextReadingBelow, nextReadingTo, type NextReading } from "./nextReading.js";
import { ReadingOrder } from "./readingOrder.js";
import { readingStart } from "./readingStart.js";
import { RereadLimit } from "./rereadLimit.js";
import type { UserPause } from "./userPause.js";

/** `from` equals `to` for a refill: text with evicted checkpoints is read again. */
export interface BackgroundWork<T> extends NextReading {
  readonly document: T;
  readonly to: number;
}

/** To save power, a document with more unread tokens than this before its cursor is not read at all. */
const nearTokens = 4096;

/**
 * Decides which text is read next in the background: in each document first the text up to the cursor, then text whose
 * checkpoints were evicted, and while the user pauses the text below the cursor.
 */
export class BackgroundPlan<T extends BackgroundDocument> {
  readonly order = new ReadingOrder<T>();
  readonly #options: BackgroundReaderOptions<T>;
  readonly #pause: UserPause;
  readonly #rereadLimit = new RereadLimit();
  /**
   * Each document's last refill: text was read again because its checkpoints had been evicted. A complete refill is not
   * repeated for the same text: if its checkpoints were evicted again, another one would not help.
   */
  readonly #refills = new WeakMap<T, Refill>();

  constructor(options: BackgroundReaderOptions<T>, pause: UserPause) {
    this.#options = options;
    this.#pause = pause;
  }

  /** True to save power: only text shortly before the cursor is read. */
  get isNearOnly(): boolean {
    return this.#options.isNearCursorOnly?.() === true;
  }

  /** The next text to read; undefined if there is none at the moment. */
  next(isNearOnly: boolean): BackgroundWork<T> | undefined {
    for (const document of this.order.documents(isNearOnly)) {
      const { checkpoints, tokens } = document;
      const cursorToken = Math.min(document.cursorToken, tokens.tokenCount);
      // A slow model cannot read the tokens after the last full block within a request, so they are read here as well.
      const toCursor = this.#options.maxGapTokens() < blockTokens ? cursorToken : wholeBlocks(cursorToken);
      if (isNearOnly && toCursor - (checkpoints.nearest(toCursor)?.offset ?? 0) > nearTokens) continue;
      const near = nextReadingTo(checkpoints, toCursor);
      if (near !== undefined) return { document, ...near, to: toCursor };
      if (this.#needsRefill(document, toCursor)) return { document, ...this.#refill(document, toCursor), to: toCursor };
      if (!this.#pause.isQuiet || isNearOnly) continue;
      const end = wholeBlocks(tokens.tokenCount);
      const { isIdle } = this.#pause;
      const mayReread = isIdle || this.#rereadLimit.hasRoom(tokens);
      const below = nextReadingBelow(checkpoints, isIdle ? 0 : toCursor, end, mayReread);
      if (below !== undefined) return { document, ...below, to: end };
    }
    return undefined;
  }

  /** The anchor to read from. To save power, nothing is read again merely to replace rounded states. */
  startFor({ checkpoints }: T, offset: number): Anchor | undefined {
    if (this.isNearOnly) return checkpoints.nearest(offset);
    return readingStart(checkpoints, offset, this.#options.maxGapTokens());
  }

  /** Call after a part of a text has been read, if the text has not changed meanwhile. */
  partRead({ document, from, to: end }: BackgroundWork<T>, begin: number, to: number): void {
    const { checkpoints, tokens } = document;
    if (!checkpoints.stretches.isNew(begin)) this.#rereadLimit.add(tokens, to - begin);
    if (from === end) this.#refills.set(document, { edits: tokens.edits, end, isComplete: to === end });
  }

  /** Continues within the stretch; reading from the start of the text would take too long. */
  #refill({ checkpoints }: T, from: number): NextReading {
    return { start: checkpoints.stretches.before(from).start, from };
  }

  #needsRefill(document: T, end: number): boolean {
    const last = this.#refills.get(document);
    if (last?.edits === document.tokens.edits && last.end === end) return !last.isComplete;
    // The margin lets a request on the next lines start from the same state.
    const maxGap = this.#options.maxGapTokens();
    const near = maxGap - Math.min(blockTokens, maxGap / 2);
    return end - (this.startFor(document, end)?.offset ?? 0) > near;
  }
}

interface Refill {
  readonly edits: number;
  readonly end: number;
  readonly isComplete: boolean;
}

function wholeBlocks(tokens: number): number {
  return Math.floor(tokens / blockTokens) * blockTokens;
}
