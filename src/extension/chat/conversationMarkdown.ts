import { fenceFor } from "../../shared/fence.js";
import type { ChatMessage } from "../../shared/chatMessages.js";

/** The localized texts of an exported conversation. */
export interface MarkdownTexts {
  readonly you: string;
  readonly assistant: string;
  readonly thoughts: string;
  readonly attachments: string;
}

/** The shown branch of a conversation as a Markdown document. */
export function conversationMarkdown(title: string, messages: readonly ChatMessage[], texts: MarkdownTexts): string {
  const parts = messages.map((message) => messageMarkdown(message, texts));
  return `${[`# ${title.replace(/\s+/g, " ")}`, ...parts].join("\n\n")}\n`;
}

function messageMarkdown({ role, text, thinking, attachments }: ChatMessage, texts: MarkdownTexts): string {
  const parts = [`## ${role === "user" ? texts.you : texts.assistant}`];
  if (attachments.length > 0) {
    parts.push(`${texts.attachments}: ${attachments.map(({ label }) => codeSpan(label)).join(", ")}`);
  }
  if (thinking !== "") {
    const fence = fenceFor(thinking);
    parts.push(`${texts.thoughts}:\n\n${fence}text\n${thinking}\n${fence}`);
  }
  if (text.trim() !== "") parts.push(withClosedFence(text.trim()));
  return parts.join("\n\n");
}

/** Closes a fence that the text leaves open. Otherwise its code block would include the messages that follow. */
function withClosedFence(text: string): string {
  let open: string | undefined;
  for (const [, fence = "", info = ""] of text.matchAll(/^ {0,3}(`{3,}|~{3,})([^\n]*)$/gm)) {
    if (open === undefined) open = fence.startsWith("`") && info.includes("`") ? undefined : fence;
    else if (fence.startsWith(open.charAt(0)) && fence.length >= open.length && info.trim() === "") open = undefined;
  }
  return open === undefined ? text : `${text}\n${open}`;
}

function codeSpan(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  if (runs.length === 0) return `\`${text}\``;
  const delimiter = "`".repeat(Math.max(...runs) + 1);
  return `${delimiter} ${text} ${delimiter}`;
}
