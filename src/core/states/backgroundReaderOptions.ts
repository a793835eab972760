import type { now, setTimer } from "../platform.js";
import type { TokenizedText } from "../tokens/tokenizedText.js";
import type { DocumentCheckpoints } from "./documentCheckpoints.js";
import type { DutyCycle } from "./dutyCycle.js";
import type { PauseLengths } from "./userPause.js";

/** The parts of an open document that background reading needs. */
export interface BackgroundDocument {
  readonly tokens: TokenizedText;
  /** The number of tokens before the position where the user last worked. */
  readonly cursorToken: number;
  readonly checkpoints: DocumentCheckpoints;
}

export interface BackgroundReaderOptions<T extends BackgroundDocument> extends PauseLengths {
  /** If the nearest state is farther from the cursor than this, the text between them is read again. */
  readonly maxGapTokens: () => number;
  /**
   * Whether to save power: then only text shortly before the cursor is read, and only in the document in which the user
   * works. Asked before each part.
   */
  readonly isNearCursorOnly?: () => boolean;
  /**
   * Limits how much of the time reading takes up. By default, it takes up about half, with pauses between parts, once
   * it has lasted for a minute.
   */
  readonly dutyCycle?: DutyCycle;
  /** By default, the timer and the clock of platform.ts are used. */
  readonly setTimer?: typeof setTimer;
  readonly now?: typeof now;
  /** Called before a part of a document is read; reading waits for the result. */
  readonly prepare?: (document: T) => Promise<void> | undefined;
  /**
   * Called with the document that is being read and the fraction read so far; with undefined when reading stops.
   */
  readonly onProgress: (document: T | undefined, fraction: number) => void;
  /** Called after a run has failed. Reading stops until the next event resumes it. */
  readonly onError: (error: unknown) => void;
}
