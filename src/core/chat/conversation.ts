import { tokenize } from "../tokens/healing.js";
import { OpenDocument } from "../tokens/openDocument.js";
import { emptyBlockHash, TokenPrefix } from "../tokens/tokenPrefix.js";
import type { ChatFormat, Model, TokenId } from "../model.js";
import { normalize, normalizedBytes } from "../tokens/normalize.js";
import type { ReplyTokenCache } from "./replyTokenCache.js";
import { turnOpening } from "./template.js";
import type { ChatAttachment, ChatTurn } from "./turn.js";
import { holdsTurns, withoutTurns } from "./turnMarkers.js";

/** What is asked: turns, of which the last has no answer yet. */
export interface Conversation {
  readonly turns: readonly ChatTurn[];
  /** What the model is told before everything; may be empty. */
  readonly system: string;
  /** Names the scratchpad where the model was not trained to talk. */
  readonly scratchPath: string;
}

/** A conversation as the model reads it. */
export interface ConversationTokens {
  readonly tokens: readonly TokenId[];
  /** Counts of tokens whose states are worth a checkpoint: behind an attached file, before and behind each answer. */
  readonly checkpointPositions: readonly number[];
  /** Of the last turn: the opening alone. */
  readonly lastTurnTokens: number;
}

type ChatModel = Pick<Model, "tokenizer" | "prompt" | "id" | "chat">;

/**
 * Tokens of all turns up to where the next answer begins. No text but the template's own begins a turn: messages and what
 * is quoted in them hold no blank lines, and a file that holds turns is quoted as a selection is.
 * Each turn is tokenised alone, after the tokens of the answer before, so a conversation that begins with the same turns
 * begins with the same tokens.
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
    lastTurnTokens = opening.length;
    push(opening);
    // The last token is read again for its logits: the state before it is what another answer starts from.
    if (tokens.length > 1) checkpointPositions.push(tokens.length - 1);
    pendingBytes = nothing;
    if (turn.reply === undefined) return;
    const written = replyTokens.get(prefix, turn.reply) ?? {
      // An answer in other turns, or one from a file, may hold any text.
      tokens: tokensOf(nothing, format === "none" ? turn.reply : withoutTurns(clean(turn.reply))),
      pendingBytes: nothing,
    };
    push(written.tokens);
    checkpointPositions.push(tokens.length);
    pendingBytes = written.pendingBytes;
  });
  return { tokens, checkpointPositions, lastTurnTokens };
}

function cleanTurn({ message, attachments, ...turn }: ChatTurn, clean: (text: string) => string): ChatTurn {
  const cleaned = attachments.map((one) => ({ ...one, label: clean(one.label), text: clean(one.text) }));
  return { ...turn, message: clean(message), attachments: cleaned };
}

interface ConversationStart {
  readonly tokens: readonly TokenId[];
  readonly pendingBytes: Uint8Array;
  readonly attachmentsRead: number;
}

const nothing = new Uint8Array();

/** What is read before the first turn: a file that was attached first and holds no turns, or the header of the scratchpad. */
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
      return { tokens: [], pendingBytes: nothing, attachmentsRead: 0 };
    const { tokens } = new OpenDocument({ uri: "", headerPath: scratchPath }, "", model);
    return { tokens: tokens.tokens(0, tokens.tokenCount), pendingBytes: nothing, attachmentsRead: 0 };
  }
  const { tokens } = new OpenDocument({ uri: "", headerPath: attached.headerPath }, attached.text, model);
  // What follows begins on a line of its own, however the file ends.
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
