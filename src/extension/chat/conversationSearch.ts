import * as vscode from "vscode";
import { visibleText } from "../../shared/inertText.js";
import type { Conversation } from "./conversation.js";

/** A conversation that contains all words of a query, with the text around the first word. */
export interface ConversationMatch {
  readonly conversation: Conversation;
  readonly excerpt: string;
}

const excerptLength = 120;

/** The conversations whose shown messages contain all words of a query, ignoring case. */
export function searchConversations(query: string, conversations: readonly Conversation[]): ConversationMatch[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return conversations.flatMap((conversation) => {
    const text = conversation
      .path()
      .map((node) => node.text)
      .join("\n");
    const folded = text.toLowerCase();
    if (!words.every((word) => folded.includes(word))) return [];
    return [{ conversation, excerpt: excerptAt(text, folded.indexOf(words[0] ?? "")) }];
  });
}

function excerptAt(text: string, at: number): string {
  const start = Math.max(0, at - excerptLength / 3);
  const excerpt = text
    .slice(start, start + excerptLength)
    .replace(/\s+/g, " ")
    .trim();
  return `${start > 0 ? "…" : ""}${excerpt}${start + excerptLength < text.length ? "…" : ""}`;
}

/** Lets the user search. @returns the picked conversation; undefined if the user cancelled. */
export async function pickConversation(conversations: readonly Conversation[]): Promise<Conversation | undefined> {
  const { t } = vscode.l10n;
  const picker = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly conversation: Conversation }>();
  picker.title = t("Search Conversations");
  picker.placeholder = t("Words in messages and replies");
  const search = (): void => {
    picker.items = searchConversations(picker.value, conversations).map(({ conversation, excerpt }) => ({
      conversation,
      label: visibleText(conversation.title),
      description: new Date(conversation.changed).toLocaleDateString(vscode.env.language),
      detail: visibleText(excerpt),
      alwaysShow: true, // the match is in the text, not in the label
    }));
  };
  picker.onDidChangeValue(search);
  search();
  const picked = await new Promise<Conversation | undefined>((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.activeItems[0]?.conversation);
    });
    picker.onDidHide(() => {
      resolve(undefined);
    });
    picker.show();
  });
  picker.dispose();
  return picked;
}
