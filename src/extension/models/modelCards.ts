import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import type { KnownModel } from "./knownModels.js";
import { modelCard } from "./modelCard.js";
import type { ModelLibrary } from "./modelLibrary.js";
import { inertText } from "../../shared/inertText.js";

const scheme = "rwkv-code-model";
const maxCardBytes = 2 ** 20;

/** Provides a read-only page about each model. A page is updated when it is shown again. */
export class ModelCards implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #library: ModelLibrary;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  readonly #texts = new Map<string, string>();

  constructor(library: ModelLibrary) {
    this.#library = library;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.path) ?? "";
  }

  async show(model: KnownModel): Promise<void> {
    const [json = "", readme] = await Promise.all(["model.json", "README.md"].map((name) => textOf(model, name)));
    const facts = await this.#library.facts(model);
    const name = inertText((facts.kind === "known" ? facts.line.name : undefined) ?? path.basename(model.folder));
    // The path contains the folder, because two models may have the same name.
    const page = vscode.Uri.joinPath(vscode.Uri.file(model.folder), `${name.replaceAll(/[\\/]/g, "-")}.md`).with({
      scheme,
    });
    this.#texts.set(page.path, modelCard({ model, facts, json, readme }, vscode.l10n.t));
    this.#changed.fire(page);
    try {
      await vscode.commands.executeCommand("markdown.showPreview", page);
    } catch {
      // VS Code's built-in Markdown extension is disabled.
      await vscode.window.showTextDocument(page, { preview: true });
    }
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

async function textOf({ folder }: KnownModel, name: string): Promise<string | undefined> {
  const file = path.join(folder, name);
  try {
    const found = await stat(file);
    // A pipe is not read, because that might never end. Neither is a file that is too large for a page.
    return found.isFile() && found.size <= maxCardBytes ? await readFile(file, "utf8") : undefined;
  } catch {
    return undefined; // both files are optional here
  }
}
