import type { CancellationToken } from "vscode-languageserver";
import { parseReply } from "../core/chat/parseReply.js";
import type { CompletionEngine } from "../core/engine/completionEngine.js";
import type { ChatParams, ChatDelta, ChatResult } from "../shared/protocol.js";
import { headerPath } from "../core/tokens/headerPath.js";

/** Receives the reply as it is written, and may cancel it. */
export interface ChatListener {
  /** Called with the text added to the reply since the last call. */
  readonly onDelta: (delta: ChatDelta) => void;
  readonly cancellation: CancellationToken;
}

/**
 * Answers `rwkv/chat`. @param folders URIs of the workspace folders; paths of attached files are relative to them.
 * @throws Cancelled
 */
export async function replyTo(
  engine: CompletionEngine,
  { turns, system, scratchLanguageId, seed }: ChatParams,
  folders: readonly string[],
  { onDelta, cancellation }: ChatListener,
): Promise<ChatResult> {
  const think = turns.at(-1)?.think === true;
  const partsOf = (written: string): ChatDelta => ({ written, ...parseReply(engine.model.chat, think, written) });
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
  const reply = await engine.reply(request, onText, cancellation);
  return { ...reply, ...partsOf(reply.written) };
}
