import type { CancellationToken } from "vscode-languageserver";
import { tokenize } from "../core/tokens/healing.js";
import { parseReply } from "../core/chat/parseReply.js";
import type { Model } from "../core/model.js";
import { normalizedBytes } from "../core/tokens/normalize.js";
import type { ChatParams, ChatDelta, ChatResult } from "../shared/protocol.js";
import { headerPath } from "../core/tokens/headerPath.js";
import type { LoadedModel } from "./loadedModel.js";

/** Receives the reply as it is written, and may cancel it. */
export interface ChatListener {
  /** Called with what was added to each part. */
  readonly onDelta: (delta: ChatDelta) => void;
  readonly cancellation: CancellationToken;
}

/**
 * Answers `rwkv/chat`. @param folders of the workspace; paths of attached files are relative to them. @throws Cancelled
 */
export async function replyTo(
  { chat, model }: LoadedModel,
  { turns, system, scratchLanguageId, seed }: ChatParams,
  folders: readonly string[],
  { onDelta, cancellation }: ChatListener,
): Promise<ChatResult> {
  const think = turns.at(-1)?.think === true;
  const partsOf = (written: string): ChatDelta => ({ written, ...parseReply(model.chat, think, written) });
  const request = {
    turns: turns.map(({ attachments, answer, ...turn }) => ({
      ...turn,
      reply: answer,
      attachments: attachments.map(({ uri, ...attachment }) => ({
        ...attachment,
        headerPath: headerPath(uri, attachment.languageId, folders),
      })),
    })),
    system,
    scratchPath: headerPath("untitled:scratchpad", scratchLanguageId, folders),
    seed,
  };
  let sent: ChatDelta = { written: "", thinking: "", text: "" };
  const onText = (written: string): void => {
    const next = partsOf(written);
    onDelta({
      written: next.written.slice(sent.written.length),
      thinking: next.thinking.slice(sent.thinking.length),
      text: next.text.slice(sent.text.length),
    });
    sent = next;
  };
  const reply = await chat.reply(request, onText, cancellation);
  return { ...reply, ...partsOf(reply.written) };
}

/** Answers `rwkv/countTokens`. */
export function countTokens({ tokenizer }: Model, texts: readonly string[]): number[] {
  return texts.map((text) => {
    const bytes = normalizedBytes(text, tokenizer.sentinelBytes);
    return tokenize(tokenizer, bytes, 0, bytes.length).length;
  });
}
