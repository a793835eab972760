import { DocumentCheckpoints } from "../states/documentCheckpoints.js";
import type { Packing } from "../states/packing.js";
import type { Likelihood } from "../states/checkpointValue.js";
import type { CheckpointStore } from "../states/checkpointStore.js";
import type { LineEdit, OpenDocument } from "../tokens/openDocument.js";
import { blockTokens, type TokenPrefix } from "../tokens/tokenPrefix.js";
import type { TokenizedText } from "../tokens/tokenizedText.js";
import { PendingCompletion } from "./pendingCompletion.js";
import type { FrozenSuffix } from "./frozenSuffix.js";
import { PrefixWindow } from "./prefixWindow.js";

/** Logits after the checkpoint with this key. If the line has no text before the cursor, decoding begins with them. */
export interface CheckpointLogits {
  readonly key: string;
  readonly logits: Float32Array;
}

/** The parts of a prompt after which a checkpoint is kept. */
export type PromptStage = "base" | "suffix" | "line";

/** Text that is read before a document's own: the cells above it in a notebook. */
export interface Preamble {
  readonly text: string;
  /** The documents that the text comes from. */
  readonly uris: ReadonlySet<string>;
}

export interface SessionOptions {
  /** The likelihood that the next request is in this document, relative to other open ones; 1 if absent. */
  readonly weight?: () => number;
  /** If absent, states are evicted and never packed. */
  readonly packing?: Packing;
}

/** One open document and everything that completion keeps for it between requests. */
export class DocumentSession {
  readonly document: OpenDocument;
  readonly checkpoints: DocumentCheckpoints;
  readonly pendingCompletion = new PendingCompletion();
  readonly prefixWindow = new PrefixWindow();
  /** The approximate number of tokens before the last edit or request; often the number at the start of its line. */
  cursorToken = 0;
  /** The documents whose text is part of the preamble. */
  preambleUris: ReadonlySet<string> = new Set();
  frozenSuffix: FrozenSuffix | undefined;
  logits: CheckpointLogits | undefined;
  /** For each stage of the prompt, the token prefix of the last checkpoint that was saved after it. */
  readonly promptCheckpoints = new Map<PromptStage, TokenPrefix>();

  constructor(document: OpenDocument, store: CheckpointStore, { weight, packing }: SessionOptions = {}) {
    this.document = document;
    document.takeFirstEditedByte(); // opening is not an edit
    const likelihood = (): Likelihood => ({ cursorToken: this.cursorToken, weight: weight?.() ?? 1 });
    this.checkpoints = new DocumentCheckpoints(store, document.tokens, likelihood, packing);
    document.tokens.onSplice((splice) => {
      this.prefixWindow.spliced(splice);
    });
  }

  get tokens(): TokenizedText {
    return this.document.tokens;
  }

  /**
   * Replaces the checkpoint of a stage: the previous one is deleted unless another stage or the document itself needs
   * it. A checkpoint with a place in the document stays if the new one is elsewhere, because the user may return to it.
   */
  keepStage(stage: PromptStage, prefix: TokenPrefix, store: CheckpointStore): void {
    const previous = this.promptCheckpoints.get(stage);
    this.promptCheckpoints.set(stage, prefix.copy());
    // A checkpoint at the end of a block may also be one of the document's own.
    if (previous === undefined || previous.remainder.length === 0) return;
    const isElsewhere = Math.abs(previous.tokenCount - prefix.tokenCount) > blockTokens;
    if (isElsewhere && store.isPlaced(previous.key)) return;
    // Two stages have the same checkpoint if there are no tokens between their ends.
    if (![...this.promptCheckpoints.values()].some(({ key }) => key === previous.key)) store.delete(previous.key);
  }

  edit(edit: LineEdit): void {
    const lines = this.document.lineCount;
    this.document.edit(edit);
    const isSingleLine = edit.endLine === edit.startLine + 1 && this.document.lineCount === lines;
    this.#edited(isSingleLine && edit.startLine === this.frozenSuffix?.line);
    this.cursorToken = this.document.tokens.tokensEndingBy(this.document.lineStart(edit.startLine));
  }

  setText(text: string): void {
    this.document.setText(text);
    const from = this.#edited(false);
    if (from < Infinity) this.cursorToken = this.document.tokens.tokensEndingBy(from);
  }

  /** Replaces the text that is read before the document's own. Positions in the document's own text do not change. */
  setPreamble({ text, uris }: Preamble): void {
    this.preambleUris = uris;
    const before = this.document.tokens.tokenCount;
    this.document.setPreamble(text);
    if (this.document.takeFirstEditedByte() === Infinity) return;
    this.pendingCompletion.edited(-1);
    this.frozenSuffix = undefined;
    const { tokens } = this.document;
    const ownStart = tokens.tokensEndingBy(this.document.lineStart(0));
    this.cursorToken = Math.max(ownStart, this.cursorToken + tokens.tokenCount - before);
    this.checkpoints.adoptStored();
  }

  /** @returns the offset of the first changed byte; Infinity if nothing changed. */
  #edited(isTyping: boolean): number {
    const from = this.document.takeFirstEditedByte();
    this.pendingCompletion.edited(from);
    if (!isTyping) this.frozenSuffix = undefined;
    return from;
  }
}
