// Requests about the structure of a document, for instance about blocks that are not closed.
import type { ProtocolRange } from "./protocol.js";

/**
 * Request from client to server: adapts code, for instance from a chat reply, so that it can replace a range of a
 * document. The code gets the document's indentation and closes nothing twice. Null if the document is not open in a
 * loaded model.
 */
export const insertionMethod = "rwkv/insertion";
export interface InsertionParams {
  readonly textDocument: { readonly uri: string };
  readonly range: ProtocolRange;
  readonly text: string;
  /** One level of indentation, for a document whose own text shows no indentation. */
  readonly indentUnit: string;
}
export interface InsertionResult {
  readonly text: string;
  /** Number of UTF-16 code units after the range that the text also replaces: closers such as `)`. */
  readonly replaced: number;
}

/**
 * Request from client to server: completes a block or HTML element that was opened just before the position, on the
 * same line. Returns the missing closers, such as `}` or `})`, or end tags. The parameters are a `DocumentPosition`.
 * Null if nothing is missing, or the document is not open in a loaded model.
 */
export const blockEndMethod = "rwkv/blockEnd";
