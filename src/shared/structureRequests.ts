// Requests about the structure of a document, such as what it leaves open.
import type { ProtocolRange } from "./protocol.js";

/**
 * Request from client to server: adapts code such as a chat reply so that it can replace a range of a document: it gets
 * the document's indentation and closes nothing twice. Null if the document is not open in a loaded model.
 */
export const insertionMethod = "rwkv/insertion";
export interface InsertionParams {
  readonly textDocument: { readonly uri: string };
  readonly range: ProtocolRange;
  readonly text: string;
  /** The indentation of one level, if the document does not show it. */
  readonly indentUnit: string;
}
export interface InsertionResult {
  readonly text: string;
  /** Number of UTF-16 code units after the range that the text also replaces. They are closers. */
  readonly replaced: number;
}

/**
 * Request from client to server: the closers, such as `}` or `})`, of a block, or the end tags of an element, that the
 * line before the position opens and that nothing ends. The parameters are a `DocumentPosition`. Null if there is none,
 * or the document is not open in a loaded model.
 */
export const blockEndMethod = "rwkv/blockEnd";
