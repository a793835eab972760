import type { ChatTurnParams } from "../../shared/protocol.js";
import type { RequestMessage } from "./api.js";

/** A request of VS Code's chat, converted to the turns that the server expects. */
export interface RequestTurns {
  readonly system: string;
  readonly turns: readonly ChatTurnParams[];
}

const assistant = 2;
const system = 3;

/**
 * Converts messages to turns. Consecutive user messages become one turn. If a request starts with several user
 * messages, all but the last are VS Code's instructions. They become part of the system prompt, which the model reads
 * only once.
 * @param writtenOf returns a reply exactly as the model wrote it, so that the checkpoint after it is found again.
 */
export function turnsOf(messages: readonly RequestMessage[], writtenOf: (reply: string) => string): RequestTurns {
  const instructions: string[] = [];
  const turns: { messages: string[]; reply: string | undefined }[] = [];
  for (const { role, content } of messages) {
    const text = textOf(content);
    if (text.trim() === "") continue;
    const last = turns.at(-1);
    if (role === system) instructions.push(text);
    else if (role === assistant) {
      if (last !== undefined) last.reply = (last.reply === undefined ? "" : `${last.reply}\n\n`) + text;
    } else if (last === undefined || last.reply !== undefined) turns.push({ messages: [text], reply: undefined });
    else last.messages.push(text);
  }
  instructions.push(...(turns[0]?.messages.splice(0, turns[0].messages.length - 1) ?? []));
  return {
    system: instructions.join("\n"),
    turns: turns.map(({ messages: parts, reply }) => ({
      message: parts.join("\n"),
      attachments: [],
      think: false,
      ...(reply === undefined ? {} : { answer: writtenOf(reply) }),
    })),
  };
}

/** The text of a message's parts. */
export function textOf(content: readonly unknown[]): string {
  return content
    .map((part) => {
      const { value } = (part ?? {}) as { readonly value?: unknown }; // checked below
      return typeof value === "string" ? value : "";
    })
    .join("");
}
