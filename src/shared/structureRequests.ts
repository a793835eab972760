// Requests about the structure of a document, such as what it leaves open.
import type { ProtocolRange } from "./protocol.js";

/**
 * Request from client to server: adapts code, such as a chat reply's, to a range of a document that it is to replace.
 * The code gets the document's indentation and closes nothing twice. Null if the document is not open in a loaded
 * model.
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
  /** Number of UTF-16 code units after the range that the text also replaces: closers such as `)`. */
  readonly replaced: number;
}

/**
 * Request from client to server: the missing end of a block or element that the position's line opens just before the
 * position. The end is closers such as `}` or `})`, or end tags. The parameters are a `DocumentPosition`. Null if
 * nothing is missing, or the document is not open in a loaded model.
 */
export const blockEndMethod = "rwkv/blockEnd";
