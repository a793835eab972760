import * as vscode from "vscode";
import { showInformation } from "../notifications.js";
import { changesOf, messageIn } from "./changes.js";
import { gitRepository } from "./gitApi.js";
import type { ModelCapabilities } from "./modelCapabilities.js";
import { commitPrompt } from "./prompts.js";
import type { Rewriter } from "./rewriter.js";

export interface CommitMessageDependencies {
  readonly capabilities: Pick<ModelCapabilities, "modeFor">;
  readonly rewriter: Rewriter;
  /** Whether a file must never be read; its changes are left out. */
  readonly isExcluded: (uri: vscode.Uri) => boolean;
}

/** Writes a commit message into Git's input box. @param given the argument that the button in the Git view passes. */
export async function writeCommitMessage(
  { capabilities, rewriter, isExcluded }: CommitMessageDependencies,
  given: unknown,
): Promise<void> {
  const { t } = vscode.l10n;
  const repository = await gitRepository(given);
  if (repository === undefined) {
    void showInformation(t("RWKV Code: Open a folder with one Git repository, or use the button in its view."));
    return;
  }
  const diff = await changesOf(repository, isExcluded);
  if (diff === "") {
    void showInformation(
      t(
        "RWKV Code: There are no changes to describe. New files are read after they are staged; excluded files are not read.",
      ),
    );
    return;
  }
  if ((await capabilities.modeFor("commit", undefined)) !== "instruct") return;
  const reply = await rewriter.replyTo(
    commitPrompt(diff),
    t("RWKV Code is writing a commit message (press Escape to stop)"),
  );
  const text = reply && messageIn(reply.text);
  if (text === undefined || text === "") return;
  repository.inputBox.value = text;
}
