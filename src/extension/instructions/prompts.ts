import * as vscode from "vscode";
import { fenceFor } from "../../shared/fence.js";
import { fillTemplate } from "./promptTemplate.js";

export type PromptName = "instruction" | "rewrite" | "explain" | "explain-code";

/**
 * Fills the mustache templates in prompts/, one for each command. `fence` is a Markdown fence that no value can
 * close.
 */
export class Prompts {
  readonly #folder: vscode.Uri;

  constructor(folder: vscode.Uri) {
    this.#folder = folder;
  }

  async fill(name: PromptName, values: Readonly<Record<string, string | number>>): Promise<string> {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#folder, `${name}.md`));
    const fence = fenceFor(Object.values(values).join("\n"));
    return fillTemplate(`prompts/${name}.md`, new TextDecoder().decode(bytes), { ...values, fence });
  }
}
