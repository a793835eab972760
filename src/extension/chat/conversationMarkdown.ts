import { fenceFor } from "../../shared/fence.js";
import type { ChatMessage } from "../../shared/chatMessages.js";

/** Names in an exported conversation. */
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
  if (text.trim() !== "") parts.push(text.trim());
  return parts.join("\n\n");
}

function codeSpan(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}
