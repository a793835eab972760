import { DocumentCheckpoints } from "../checkpoints/documentCheckpoints.js";
import type { CheckpointStore } from "../checkpoints/store.js";
import type { LineEdit, OpenDocument } from "../document/openDocument.js";
import type { TokenChain } from "../document/tokenChain.js";
import type { TokenId } from "../model.js";
import { LastAnswer } from "./answers.js";
import type { LineMemory } from "./lineMemory.js";
import { WindowAnchor } from "./window.js";

/** Logits behind a state whose checkpoint is kept: where nothing was typed yet, decoding begins with them. */
export interface KeptLogits {
  readonly key: string;
  readonly logits: Float32Array;
}

/** One open document and everything completion keeps for it between requests. */
export class DocumentSession {
  readonly document: OpenDocument;
  readonly checkpoints: DocumentCheckpoints;
  readonly answer = new LastAnswer();
  readonly window = new WindowAnchor();
  /** Tokens before the place where the user last worked. */
  cursor = 0;
  line: LineMemory | undefined;
  logits: KeptLogits | undefined;
  /** What the last states behind stretches of a prompt have read; each checkpoint goes when another takes its place. */
  readonly kept = new Map<"base" | "below" | "line", TokenChain>();
  /** Tokens of the last window, where the last request was answered from one. */
  windowTokens: readonly TokenId[] = [];

  /** @param states how many checkpoints this document may keep, now. */
  constructor(document: OpenDocument, store: CheckpointStore, states: () => number) {
    this.document = document;
    document.takeEditedFrom(); // that it was opened is no edit
    this.checkpoints = new DocumentCheckpoints(store, () => ({
      cursor: this.cursor,
      tokenCount: document.tokens.tokenCount,
      states: states(),
    }));
  }

  edit(edit: LineEdit): void {
    const lines = this.document.lineCount;
    this.document.edit(edit);
    const isOfOneLine = edit.endLine === edit.startLine + 1 && this.document.lineCount === lines;
    this.#edited(isOfOneLine && edit.startLine === this.line?.line);
    this.cursor = this.document.tokens.tokensEndingBy(this.document.lineStart(edit.startLine));
  }

  setText(text: string): void {
    this.document.setText(text);
    const from = this.#edited(false);
    if (from < Infinity) this.cursor = this.document.tokens.tokensEndingBy(from);
  }

  /** @returns the first byte that changed; Infinity where none did. */
  #edited(isTyping: boolean): number {
    const from = this.document.takeEditedFrom();
    this.answer.edited(from);
    if (!isTyping) this.line = undefined;
    return from;
  }
}
