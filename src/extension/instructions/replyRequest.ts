import { randomInt } from "node:crypto";
import type * as vscode from "vscode";
import type { ChatResult } from "../../shared/protocol.js";
import type { CompletionClient } from "../completionClient.js";
import type { Settings } from "../settings.js";

export interface ReplyDependencies {
  readonly client: Pick<CompletionClient, "start" | "chat">;
  readonly settings: () => Pick<Settings, "chatSystem">;
}

/**
 * Requests a reply outside any conversation.
 * @param onReply receives the text so far.
 * @returns undefined if the request was cancelled.
 */
export async function requestReply(
  { client, settings }: ReplyDependencies,
  message: string,
  onReply: (text: string) => void,
  cancellation: vscode.CancellationToken,
): Promise<ChatResult | undefined> {
  await client.start();
  let text = "";
  const params = {
    turns: [{ message, attachments: [], think: false }],
    system: settings().chatSystem,
    scratchLanguageId: "",
    seed: randomInt(2 ** 31),
  };
  return client.chat(
    params,
    (delta) => {
      text += delta.text;
      onReply(text);
    },
    cancellation,
  );
}
