import { Reading, type ReadingRoom } from "../checkpoints/reading.js";
import { emptyBlockHash, TokenChain } from "../document/tokenChain.js";
import { brokenCharacters } from "../filters/brokenCharacters.js";
import { closedUnits } from "../filters/closersRight.js";
import type { CandidateText } from "../filters/filter.js";
import { indentation, unitOf } from "../filters/indentation.js";
import type { CancellationToken } from "../model.js";
import { indentationOf } from "../text/indentationOf.js";
import { decode, type Decoded } from "./decode.js";
import type { DocumentSession } from "./documentSession.js";
import { enclosingBlock, type EnclosingBlock, type LinesAround } from "./enclosingBlock.js";
import type { GenerationExtent } from "./generationEnd.js";
import { decodingAt, preparedAt, readPrompt, type Place, type Prepared } from "./prepared.js";
import { Turns } from "../turns.js";

/** A place where text was asked for by command. */
export interface GenerationRequest extends Place {
  /** The line behind the cursor. */
  readonly rest: string;
  readonly maxLines: number;
  /** The indentation of one level, where the lines around tell none. */
  readonly indentUnit: string;
}

export interface Generated {
  readonly text: string;
  readonly stop: Decoded["stop"];
}

const maxTokens = 1024;
/** How long the suffix of a line may take to read; whoever asked by command waits for it. */
const suffixBudgetMs = 300;
const linesAround = 20;
/** How far above the opener of a block is looked for. */
const blockLines = 200;

/** Writes text at a place until its block ends, one request after the other; an inline completion always goes first. */
export class Generator {
  readonly #room: ReadingRoom;
  readonly #reading: Reading;
  readonly #turns = new Turns();

  constructor(room: ReadingRoom) {
    this.#room = room;
    this.#reading = new Reading(room, "chat", new TokenChain(emptyBlockHash(room.model.id), 0, []));
  }

  /**
   * @param onText hears of each stretch of whole lines as soon as it is certain; the last stretch may end within a line.
   *   A stretch stands in for the closers right of it that the text closes itself by then.
   * @returns all of it.
   * @throws Cancelled within one run of the token being set.
   */
  async generate(
    request: GenerationRequest,
    onText: (more: CandidateText) => void,
    cancellation: CancellationToken,
  ): Promise<Generated> {
    // Everything that depends on the document is read here, before the first await.
    const missing = missingIndentation(request);
    const typed = request.typed + (missing?.text ?? "");
    const prepared = preparedAt({ ...request, typed }, this.#room, suffixBudgetMs);
    if (prepared === undefined) return { text: "", stop: "sentinel" };
    const closed = (text: string): number => closedUnits(text, request);
    const work = { ...prepared, shaped: shaping(request, missing), closed, extent: extentOf(request, missing) };
    return this.#turns.take(() => this.#run(work, onText, cancellation), cancellation);
  }

  /** Resolves when the request under way has ended; cancel it first. */
  async dispose(): Promise<void> {
    await this.#turns.ended();
    this.#reading.dispose();
  }

  async #run(work: Work, onText: (more: CandidateText) => void, cancellation: CancellationToken): Promise<Generated> {
    const { shaped, closed, extent, prompt } = work;
    const logits = await readPrompt(this.#reading, work, cancellation);
    let sent = "";
    let replaced = 0;
    const send = (whole: string): void => {
      const next = shaped(whole);
      if (next.length <= sent.length || !next.startsWith(sent)) return;
      const replacedNow = Math.max(replaced, closed(next));
      onText({ text: next.slice(sent.length), replaced: replacedNow - replaced });
      sent = next;
      replaced = replacedNow;
    };
    const { text: written, stop } = await decode(this.#reading, logits, {
      ...decodingAt(work, this.#room.model),
      threshold: 0,
      // Told nothing of what is below, the model cannot know that the text ends here; whoever asked wants some.
      mustBegin: prompt.below.length === 0 && prompt.tail.length === 0,
      extent,
      maxTokens,
      isOverdue: () => false,
      onToken: () => undefined,
      onText: (soFar) => {
        // The last whole line may still turn out to be beyond the end, and blank lines before it too.
        const certain = soFar.lastIndexOf("\n");
        if (certain > 0) send(soFar.slice(0, certain).trimEnd());
      },
      cancellation,
    });
    send(written.trimEnd());
    return { text: sent, stop };
  }
}

interface Work extends Prepared {
  readonly extent: GenerationExtent;
  /** How a text is shown. */
  readonly shaped: (text: string) => string;
  /** How many units right of the cursor a text stands in for. */
  readonly closed: (text: string) => number;
}

/** What the cursor's line lacks to stand in a block. */
interface MissingIndentation {
  readonly text: string;
  readonly block: EnclosingBlock;
}

/** Undefined where something stands on the line, or where it is indented as its block is. */
function missingIndentation({ session, line, typed, indentUnit }: GenerationRequest): MissingIndentation | undefined {
  if (typed.trim() !== "") return undefined;
  const around = linesAt(session, line, blockLines);
  const unit = unitOf(around.above, around.below) ?? indentUnit;
  const block = enclosingBlock(around, unit);
  if (block === undefined || block.indentation.length <= typed.length || !block.indentation.startsWith(typed)) {
    return undefined;
  }
  return { text: block.indentation.slice(typed.length), block };
}

/** A block that nothing closes is closed by the text: that goes on to the depth that the cursor stands at. */
function extentOf(
  { session, line, typed, maxLines }: GenerationRequest,
  missing: MissingIndentation | undefined,
): GenerationExtent {
  const below = linesAt(session, line, linesAround).below.find((one) => one.trim() !== "");
  const isInBlock = missing !== undefined && !missing.block.isUnclosed;
  return {
    kind: "generation",
    indentation: isInBlock ? missing.block.indentation : indentationOf(typed),
    maxLines,
    below,
  };
}

/** Indents as the document does, and leaves out what is no text. */
function shaping(
  { session, line, typed }: GenerationRequest,
  missing: MissingIndentation | undefined,
): (text: string) => string {
  const place = { typed, rest: "", ...linesAt(session, line, linesAround) };
  return (text) => {
    if (text.trim() === "") return "";
    const whole = brokenCharacters({ text: (missing?.text ?? "") + text, replaced: 0 }, place);
    return whole === undefined ? "" : (indentation(whole, place)?.text ?? "");
  };
}

function linesAt({ document }: DocumentSession, line: number, count: number): LinesAround {
  return {
    above: document.lines(Math.max(0, line - count), line),
    below: document.lines(line + 1, line + 1 + count),
  };
}
