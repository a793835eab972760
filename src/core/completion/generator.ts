import { CheckpointedReader, type InferenceContext } from "../states/checkpointedReader.js";
import { emptyBlockHash, TokenPrefix } from "../tokens/tokenPrefix.js";
import type { Insertion, InsertionPoint } from "../structure/insertionPoint.js";
import { missingIndentation } from "../structure/statementColumns.js";
import { areClosersOnly } from "../structure/trace.js";
import { decode, type Decoded } from "../decoding/decode.js";
import { pointAt, type Cursor } from "./pointAt.js";
import { decodeOptions, prepare, type RequestContext, type PreparedRequest } from "./preparedRequest.js";
import { readPrompt } from "./readPrompt.js";
import { stopPosition, type StopScope } from "../decoding/stopRules.js";
import { SerialQueue } from "../../shared/serialQueue.js";
import { isWelcome } from "./welcome.js";
import { WrittenText } from "./writtenText.js";
import type { CancellationToken } from "../../shared/cancellation.js";

export interface GenerationRequest extends RequestContext, Cursor {
  readonly maxLines: number;
}

export interface GenerationResult {
  readonly text: string;
  readonly stop: Decoded["stop"];
}

const maxTokens = 1024;
/**
 * Time budget for reading the prompt, in milliseconds. It may be long, because the user invoked a command and waits.
 */
const readBudgetMs = 300;

/** Generates text for commands, one request after another. Inline completions have priority. */
export class Generator {
  readonly #inference: InferenceContext;
  readonly #reader: CheckpointedReader;
  readonly #queue = new SerialQueue();

  constructor(inference: InferenceContext) {
    this.#inference = inference;
    this.#reader = new CheckpointedReader(
      inference,
      "command",
      new TokenPrefix(emptyBlockHash(inference.model.id), 0, []),
    );
  }

  /**
   * @param onText called with whole lines as soon as they are final; the last call may end within a line. In each call,
   * `replaced` is how much of the text after the cursor the text replaces.
   * @returns the whole text, and why it ended.
   * @throws Cancelled at most one model run after cancellation is requested.
   */
  async generate(
    request: GenerationRequest,
    onText: (more: Insertion) => void,
    cancellation: CancellationToken,
  ): Promise<GenerationResult> {
    // Everything that depends on the document is read here, before the first await.
    const missing = missingIndentation(pointAt(request));
    const context = { ...request, linePrefix: request.linePrefix + missing };
    const prepared = prepare(context, this.#inference, readBudgetMs);
    if (prepared === undefined) return { text: "", stop: "sentinel" };
    const point = pointAt(context);
    const work = {
      ...prepared,
      written: new WrittenText(point, missing, onText),
      scope: generationScope(request, point),
    };
    return this.#queue.run(() => this.#run(work, cancellation), cancellation);
  }

  /** Resolves when all requests have ended; cancel them first. */
  async dispose(): Promise<void> {
    await this.#queue.drained();
    this.#reader.dispose();
  }

  async #run(work: Work, cancellation: CancellationToken): Promise<GenerationResult> {
    const { written, scope, prompt } = work;
    const logits = await readPrompt(this.#reader, work, cancellation);
    const { text, stop } = await decode(this.#reader, logits, {
      ...decodeOptions(work, this.#inference.model),
      threshold: 0,
      // A model that does not see the text below cannot know that the text ends here, and the user wants some text.
      mustProduceText: prompt.suffix.length === 0 && prompt.tail.length === 0,
      scope,
      maxTokens,
      isOverdue: () => false,
      onToken: () => undefined,
      onText: (soFar) => {
        written.continued(soFar);
      },
      cancellation,
    });
    // The stop rules consider only complete lines, so they have not seen a last line without a newline.
    const end = stop === "rule" ? undefined : stopPosition(`${text}\n`, scope);
    return { text: written.ended(text.slice(0, end)), stop };
  }
}

interface Work extends PreparedRequest {
  readonly scope: StopScope;
  readonly written: WrittenText;
}

/** The scope is one line if the cursor is within a line. Otherwise the text continues to the end of its block. */
function generationScope({ maxLines }: GenerationRequest, point: InsertionPoint): StopScope {
  const isWithinLine = !areClosersOnly(point.afterCursor) && !isWelcome(point);
  return isWithinLine ? { kind: "line", isBlank: false } : { kind: "generation", point, maxLines };
}
