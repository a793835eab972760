import { tokenize } from "../tokens/healing.js";
import { OpenDocument } from "../tokens/openDocument.js";
import { emptyBlockHash, TokenPrefix } from "../tokens/tokenPrefix.js";
import type { ChatFormat, Model, TokenId } from "../model.js";
import { normalize, normalizedBytes } from "../tokens/normalize.js";
import type { ReplyTokenCache } from "./replyTokenCache.js";
import { turnOpening } from "./template.js";
import type { ChatAttachment, ChatTurn } from "./turn.js";
import { holdsTurns, withoutTurns } from "./turnMarkers.js";

/** A conversation whose last turn has no reply yet. */
export interface Conversation {
  readonly turns: readonly ChatTurn[];
  /** The system message; may be empty. */
  readonly system: string;
  /**
   * For a model that was not trained to chat: the path in the header of the scratchpad, the document that it continues.
   */
  readonly scratchPath: string;
}

export interface ConversationTokens {
  readonly tokens: readonly TokenId[];
  /**
   * Token counts at which to save checkpoints: after the text before the first turn, after the tokens that all
   * conversations with this system message share, one token before each reply, and after each reply.
   */
  readonly checkpointPositions: readonly number[];
  /** Number of tokens in the last turn's opening. */
  readonly lastTurnTokens: number;
}

type ChatModel = Pick<Model, "tokenizer" | "prompt" | "id" | "chat">;

/**
 * The tokens of all turns up to the start of the next reply. If the format has turns, only the template can begin a
 * turn (turnMarkers.ts). Each turn is tokenized separately after the tokens of the previous reply, so that
 * conversations with the same first turns begin with the same tokens.
 */
export function conversationTokens(
  { turns, system, scratchPath }: Conversation,
  model: ChatModel,
  replyTokens: ReplyTokenCache,
): ConversationTokens {
  const { tokenizer, chat: format } = model;
  const clean = (text: string): string => normalize(text, tokenizer.sentinelBytes);
  const prefix = new TokenPrefix(emptyBlockHash(model.id), 0, []);
  const tokens: TokenId[] = [];
  const checkpointPositions: number[] = [];
  const push = (more: readonly TokenId[]): void => {
    for (const token of more) tokens.push(token);
    prefix.push(more);
  };
  const tokensOf = (before: Uint8Array, text: string): TokenId[] => {
    const bytes = concatBytes(before, normalizedBytes(text, tokenizer.sentinelBytes));
    return tokenize(tokenizer, bytes, 0, bytes.length);
  };

  const start = conversationStart(format, turns[0], scratchPath, model);
  push(start.tokens);
  if (tokens.length > 0) checkpointPositions.push(tokens.length);
  let pendingBytes = start.pendingBytes;
  let lastTurnTokens = 0;
  turns.forEach((turn, i) => {
    const isFirst = i === 0;
    const attachmentsRead = isFirst ? start.attachmentsRead : 0;
    const position = { isFirst, system: clean(system), attachmentsRead };
    const opening = tokensOf(pendingBytes, turnOpening(format, cleanTurn(turn, clean), position));
    if (isFirst && position.system !== "") {
      // Other conversations with this system message begin with the same tokens.
      const empty = turnOpening(format, { ...turn, message: "", attachments: [] }, position);
      const common = commonLength(opening, tokensOf(pendingBytes, empty));
      if (common > 0) checkpointPositions.push(tokens.length + common);
    }
    lastTurnTokens = opening.length;
    push(opening);
    // The last token must be read for its logits, so the checkpoint from which a reply is regenerated is before it.
    if (tokens.length > 1) checkpointPositions.push(tokens.length - 1);
    pendingBytes = noBytes;
    if (turn.reply === undefined) return;
    const written = replyTokens.get(prefix, turn.reply) ?? {
      // A reply that is not in the cache, for example from a stored conversation, may contain any text.
      tokens: tokensOf(noBytes, format === "none" ? turn.reply : withoutTurns(clean(turn.reply))),
      pendingBytes: noBytes,
    };
    push(written.tokens);
    checkpointPositions.push(tokens.length);
    pendingBytes = written.pendingBytes;
  });
  return { tokens, checkpointPositions, lastTurnTokens };
}

function commonLength(a: readonly TokenId[], b: readonly TokenId[]): number {
  const end = a.findIndex((token, i) => token !== b[i]);
  return end === -1 ? a.length : end;
}

function cleanTurn({ message, attachments, ...turn }: ChatTurn, clean: (text: string) => string): ChatTurn {
  const cleaned = attachments.map(({ label, text, ...attachment }) => ({
    ...attachment,
    label: clean(label),
    text: clean(text),
  }));
  return { ...turn, message: clean(message), attachments: cleaned };
}

interface ConversationStart {
  readonly tokens: readonly TokenId[];
  readonly pendingBytes: Uint8Array;
  readonly attachmentsRead: number;
}

const noBytes = new Uint8Array();

/**
 * The tokens to read before the first turn. If a whole file is attached first, they are the file's, unless the model
 * could mistake part of the file for a turn. Otherwise, if the model was not trained to chat and its prompts have
 * headers, they are the scratchpad's header.
 */
function conversationStart(
  format: ChatFormat,
  first: ChatTurn | undefined,
  scratchPath: string,
  { tokenizer, prompt, id }: ChatModel,
): ConversationStart {
  const attached = first?.attachments[0];
  const model = { tokenizer, prompt, emptyHash: emptyBlockHash(id) };
  const isQuoted = attached?.isWholeFile !== true || (format !== "none" && holdsTurnsAnywhere(attached, tokenizer));
  if (isQuoted) {
    if (format !== "none" || prompt.header === undefined)
      return { tokens: [], pendingBytes: noBytes, attachmentsRead: 0 };
    const { tokens } = new OpenDocument({ uri: "", headerPath: scratchPath }, "", model);
    return { tokens: tokens.tokens(0, tokens.tokenCount), pendingBytes: noBytes, attachmentsRead: 0 };
  }
  const { tokens } = new OpenDocument({ uri: "", headerPath: attached.headerPath }, attached.text, model);
  // The turn begins on its own line, so whitespace at the end of the file is left out.
  const end = endOfText(tokens.bytes);
  const count = tokens.tokensEndingBy(end);
  return {
    tokens: tokens.tokens(0, count),
    pendingBytes: tokens.bytes.slice(tokens.startOf(count), end),
    attachmentsRead: 1,
  };
}

function holdsTurnsAnywhere({ headerPath, text }: ChatAttachment, { sentinelBytes }: ChatModel["tokenizer"]): boolean {
  return [headerPath, text].some((part) => holdsTurns(normalize(part, sentinelBytes)));
}

function endOfText(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && isBlank(bytes[end - 1] ?? 0)) end--;
  return end;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function concatBytes(before: Uint8Array, after: Uint8Array): Uint8Array {
  if (before.length === 0) return after;
  const bytes = new Uint8Array(before.length + after.length);
  bytes.set(before);
  bytes.set(after, before.length);
  return bytes;
}
