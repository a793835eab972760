import { now, setTimer } from "../platform.js";
import type { BackgroundDocument, BackgroundReaderOptions } from "./backgroundReaderOptions.js";
import { CheckpointedReader, type InferenceContext } from "./checkpointedReader.js";
import { DutyCycle } from "./dutyCycle.js";
import { BackgroundPlan, type BackgroundWork } from "./backgroundPlan.js";
import { UserPause } from "./userPause.js";
import { nextPlaceToCompare } from "./nextReading.js";
import { blockTokens, emptyBlockHash, TokenPrefix } from "../tokens/tokenPrefix.js";
import { Cancelled, type CancellationToken } from "../../shared/cancellation.js";

/** States within this distance predict almost the same, so the text after an edit need not be read further. */
const convergedDistance = 0.02;

/** How often to check whether power must still be saved, if text was left unread for that reason. */
const powerCheckMs = 60_000;

/**
 * Reads open documents and saves checkpoints while nothing more urgent runs. The focused document comes first, and in
 * each document the text up to the cursor. After an edit, it reads until its state agrees with an older state that has
 * not read the edit. After edits all over a text, it reads around the cursor first, and the rest once the user is idle.
 */
export class BackgroundReader<T extends BackgroundDocument> {
  readonly #inference: InferenceContext;
  readonly #options: BackgroundReaderOptions<T>;
  readonly #dutyCycle: DutyCycle;
  readonly #pause: UserPause;
  readonly #plan: BackgroundPlan<T>;
  readonly #reader: CheckpointedReader;
  readonly #cancellation = { isCancellationRequested: false };
  #position: ReaderPosition<T> | undefined;
  #isRunning = false;
  /** The current or the last call of #run, which handles its own errors. */
  #running: Promise<void> = Promise.resolve();
  #cancelPowerTimer = (): void => undefined;
  #endRest = (): void => undefined;

  constructor(inference: InferenceContext, options: BackgroundReaderOptions<T>) {
    this.#inference = inference;
    this.#options = options;
    this.#dutyCycle = options.dutyCycle ?? new DutyCycle();
    this.#pause = new UserPause(options, this.#setTimer, () => {
      this.#wake();
    });
    this.#plan = new BackgroundPlan(options, this.#pause);
    this.#reader = new CheckpointedReader(inference, "background", this.#emptyPrefix, options.now ?? now);
  }

  opened(document: T): void {
    if (this.#plan.order.opened(document)) this.resume();
  }

  closed(document: T): void {
    this.#plan.order.closed(document);
  }

  /** Call when the user looks at a document. */
  focused(document: T): void {
    this.#plan.order.focused(document);
    this.resume();
  }

  /** Call when the user typed or requested a completion. */
  edited(document: T): void {
    this.#plan.order.workedIn(document);
    this.#pause.ended();
    this.resume();
  }

  /** Call when there may be text to read, for example because power is no longer saved. Ends a pause between parts. */
  resume(): void {
    this.#endRest();
    this.#wake();
  }

  /** Stops reading. Resolves after the current run or preparation. */
  async dispose(): Promise<void> {
    this.#cancellation.isCancellationRequested = true;
    this.#pause.dispose();
    this.#cancelPowerTimer();
    this.#endRest();
    await this.#running;
    this.#reader.dispose();
  }

  #wake(): void {
    if (this.#isRunning || this.#cancellation.isCancellationRequested) return;
    this.#isRunning = true;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    try {
      for (let work = this.#nextWork(); work !== undefined; work = this.#nextWork()) {
        const prepared = this.#options.prepare?.(work.document);
        if (prepared === undefined) {
          const busyMs = this.#reader.busyMs;
          await this.#readPart(work, this.#cancellation);
          await this.#rest(this.#dutyCycle.pauseAfter(this.#reader.busyMs - busyMs, (this.#options.now ?? now)()));
        } else {
          await prepared; // afterwards there may be less to read
        }
      }
      this.#watchPower();
    } catch (error) {
      if (!(error instanceof Cancelled)) this.#options.onError(error);
    } finally {
      this.#isRunning = false;
      this.#options.onProgress(undefined, 1);
    }
  }

  async #rest(ms: number): Promise<void> {
    if (ms <= 0 || this.#cancellation.isCancellationRequested) return;
    await new Promise<void>((resolve) => {
      const cancelTimer = this.#setTimer(ms, resolve);
      this.#endRest = () => {
        cancelTimer();
        resolve();
      };
    });
  }

  /** If text was left unread to save power, resumes reading once power need not be saved any more. */
  #watchPower(): void {
    this.#cancelPowerTimer();
    if (!this.#plan.isNearOnly || this.#nextWork(false) === undefined) return;
    this.#cancelPowerTimer = this.#setTimer(powerCheckMs, () => {
      if (this.#plan.isNearOnly) this.#watchPower();
      else this.#wake();
    });
  }

  get #setTimer(): typeof setTimer {
    return this.#options.setTimer ?? setTimer;
  }

  /** The next text to read; undefined if there is none at the moment, or after `dispose`. */
  #nextWork(isNearOnly = this.#plan.isNearOnly): BackgroundWork<T> | undefined {
    return this.#cancellation.isCancellationRequested ? undefined : this.#plan.next(isNearOnly);
  }

  /** Reads up to the end of a block, or up to a checkpoint that is about as near. */
  async #readPart(work: BackgroundWork<T>, cancellation: CancellationToken): Promise<void> {
    const { document, start, from, to: end } = work;
    const { checkpoints, tokens } = document;
    const { edits } = tokens;
    checkpoints.stretches.begin(start);
    const at = this.#goTo(document, from, start);
    const next = nextPlaceToCompare(checkpoints, at);
    const blockEnd = at + blockTokens - this.#reader.prefix.remainder.length;
    const to = Math.min(end, next ?? blockEnd);
    this.#options.onProgress(document, to / Math.max(1, tokens.tokenCount));
    this.#position = undefined; // unknown if the run fails
    await this.#reader.read(tokens.tokens(at, to), { want: "none", cancellation });
    this.#position = { document, edits, offset: to, start };
    if (tokens.edits !== edits) return; // the text has changed since the tokens were taken
    this.#plan.partRead(work, at, to);
    this.#arrived(work, to, to === end || to === next);
  }

  #arrived({ document: { checkpoints }, start }: BackgroundWork<T>, offset: number, isSaving: boolean): void {
    const old = checkpoints.lastBefore(offset);
    const isStale = old?.offset === offset && offset > checkpoints.stretches.startingAt(start).to;
    const hasConverged = isStale && this.#reader.distanceTo(old.checkpoint.state) <= convergedDistance;
    checkpoints.reached(offset, hasConverged, start);
    const { remainder, isRounded } = this.#reader.prefix;
    const isWorthSaving =
      remainder.length === 0 && checkpoints.shouldSave(offset, this.#inference.model.stateBytes, isRounded);
    const kept = checkpoints.lastBefore(offset);
    const isKept = kept?.offset === offset && (isRounded || !kept.checkpoint.prefix.isRounded);
    if (!isWorthSaving && !(isSaving && !isKept)) return;
    const checkpoint = this.#reader.save();
    if (checkpoint !== undefined) checkpoints.place(offset, checkpoint);
  }

  /** Moves the reader to the nearest position from which it can read up to an offset. @returns that position. */
  #goTo(document: T, offset: number, stretchStart: number): number {
    const { checkpoints } = document;
    // In a stretch that began at a stale state, reading also continues from states that have not converged yet.
    const end = Math.min(offset, checkpoints.stretches.startingAt(stretchStart).to);
    const anchor = stretchStart > 0 ? checkpoints.lastBefore(end) : this.#plan.startFor(document, offset);
    const start = anchor?.offset ?? 0;
    const isExactEnough = !this.#reader.prefix.isRounded || anchor?.checkpoint.prefix.isRounded === true;
    const position = this.#position;
    const isValid = position?.document === document && position.edits === document.tokens.edits;
    if (
      isValid &&
      position.start === stretchStart &&
      isExactEnough &&
      position.offset >= start &&
      position.offset <= offset
    )
      return position.offset;
    this.#reader.restore(anchor?.checkpoint.prefix.copy() ?? this.#emptyPrefix, anchor?.checkpoint.state);
    return start;
  }

  get #emptyPrefix(): TokenPrefix {
    return new TokenPrefix(emptyBlockHash(this.#inference.model.id), 0, []);
  }
}

/** The reader's position; valid only while the document's number of edits is the same. */
interface ReaderPosition<T> {
  readonly document: T;
  readonly edits: number;
  readonly offset: number;
  /** Start of the stretch that the reader is in. */
  readonly start: number;
}
