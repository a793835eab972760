import * as vscode from "vscode";
import type { FromView } from "../../shared/chatMessages.js";
import { errorMessage } from "../../shared/errorMessage.js";
import { visibleText } from "../../shared/inertText.js";
import type { CompletionClient } from "../completionClient.js";
import { isExcludedFile } from "../excludedFiles.js";
import { showInformation } from "../notifications.js";
import type { Settings } from "../settings.js";
import { pickAttachments } from "./attachmentPicker.js";
import { countTokens, withCounts } from "./attachments.js";
import { readAttachment, sourceInEditor, type AttachmentSource } from "./attachmentSources.js";
import type { KeptAttachment } from "./conversation.js";
import { mentionsIn } from "./mentions.js";
import { restoredAttachments } from "./restoredAttachments.js";
import type { StoredText } from "./storedText.js";

/** Maximum number of attachments of a message, so that a folder dropped by mistake is not read as a whole. */
const maxAttachments = 20;

type AttachmentMessage = Extract<
  FromView,
  { kind: "attach" | "attachFile" | "attachSelection" | "attachUris" | "detach" }
>;

interface PendingAttachmentsOptions {
  readonly client: Pick<CompletionClient, "documents" | "countTokens">;
  readonly settings: () => Pick<Settings, "isExcluded">;
  readonly stored: Pick<StoredText, "read" | "save">;
  readonly onChange: () => void;
}

/**
 * The attachments of the next message. They are kept when the user switches to another conversation or reloads the
 * window.
 */
export class PendingAttachments {
  readonly #options: PendingAttachmentsOptions;
  #all: readonly KeptAttachment[] = [];
  #restored: Promise<void> | undefined;

  constructor(options: PendingAttachmentsOptions) {
    this.#options = options;
  }

  get all(): readonly KeptAttachment[] {
    return this.#all;
  }

  /**
   * Restores, once, the attachments that the last session did not send, except those whose file is gone or excluded.
   */
  restore(): Promise<void> {
    this.#restored ??= this.#restore();
    return this.#restored;
  }

  /** Removes attachments that were sent or that the user does not want any more. */
  remove(removed: readonly KeptAttachment[]): void {
    const rest = this.#all.filter((one) => !removed.includes(one));
    if (rest.length === this.#all.length) return;
    this.#all = rest;
    void this.#store(); // reports its own errors
  }

  /** Handles a message of the view. @returns whether something was attached. */
  async received(message: AttachmentMessage): Promise<boolean> {
    switch (message.kind) {
      case "attach":
        return this.add(await pickAttachments((uri) => this.#isExcluded(uri)));
      case "attachFile":
        return this.#addFromEditor("file");
      case "attachSelection":
        return this.#addFromEditor("selection");
      case "attachUris":
        return this.add(message.uris.map((uri) => ({ kind: "file", uri: vscode.Uri.parse(uri) })));
      case "detach":
        this.remove(this.#all.filter(({ id }) => id === message.attachmentId));
        this.#options.onChange();
        return false;
    }
  }

  /** Attaches sources, and shows why one cannot be attached. @returns whether something was attached. */
  async add(sources: readonly AttachmentSource[]): Promise<boolean> {
    let isAdded = false;
    for (const source of sources) {
      if (this.#all.length >= maxAttachments) {
        this.#say(vscode.l10n.t("A message takes at most {0} attachments.", maxAttachments));
        break;
      }
      try {
        const attachment = await readAttachment(source, (document) => this.#options.client.documents.blocker(document));
        if (this.#all.some((one) => isSame(one, attachment))) {
          this.#say(vscode.l10n.t("{0} is attached already.", attachment.label));
        } else {
          this.#all = [...this.#all, attachment];
          isAdded = true;
        }
      } catch (error) {
        this.#say(errorMessage(error));
      }
    }
    this.#options.onChange();
    if (isAdded) void this.#store(); // reports its own errors
    await this.count();
    return isAdded;
  }

  /** Attaches what a message mentions with `@`, and tells the user which files the workspace does not have. */
  async addMentioned(message: string): Promise<void> {
    const { words, paths } = mentionsIn(message);
    for (const word of words) if (!this.#all.some(({ kind }) => kind === word)) await this.#addFromEditor(word);
    for (const path of paths) {
      const uri = await fileNamed(path);
      if (uri === undefined) this.#say(vscode.l10n.t("The workspace has no file {0}.", visibleText(path)));
      else if (!this.#all.some((one) => one.uri === uri.toString())) await this.add([{ kind: "file", uri }]);
    }
  }

  /** Counts the tokens of the attachments, if there is a model to count with. */
  async count(): Promise<void> {
    const counts = await countTokens(this.#all, this.#options.client);
    if (counts.size === 0) return;
    this.#all = withCounts(this.#all, counts);
    this.#options.onChange();
  }

  async #restore(): Promise<void> {
    const stored = await this.#options.stored.read();
    const { attachments, isPartial } = await restoredAttachments(stored, (uri) => this.#isExcluded(uri));
    const added = this.#all; // by the user, while the stored ones were read
    const restored = attachments.filter((one) => !added.some((other) => isSame(one, other)));
    this.#all = [...restored.slice(0, maxAttachments - added.length), ...added];
    if (isPartial) void this.#store(); // reports its own errors
    if (restored.length === 0) return;
    this.#options.onChange();
    void this.count(); // never rejects, and updates the view
  }

  /** Stores the attachments. Before that, restores those of the last session, because storing overwrites them. */
  async #store(): Promise<void> {
    await this.restore();
    await this.#options.stored.save(JSON.stringify(this.#all));
  }

  #isExcluded(uri: vscode.Uri): boolean {
    return isExcludedFile(this.#options.settings(), uri);
  }

  async #addFromEditor(kind: "file" | "selection"): Promise<boolean> {
    try {
      return await this.add([sourceInEditor(kind)]);
    } catch (error) {
      this.#say(errorMessage(error));
      return false;
    }
  }

  #say(message: string): void {
    void showInformation(`RWKV Code: ${message}`);
  }
}

function isSame(a: KeptAttachment, b: KeptAttachment): boolean {
  return a.uri === b.uri && a.label === b.label && a.text === b.text;
}

/** The first file with this path in a workspace folder; undefined if there is none. */
async function fileNamed(path: string): Promise<vscode.Uri | undefined> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const file = vscode.Uri.joinPath(uri, path);
    if (!file.path.startsWith(uri.path.replace(/\/?$/, "/"))) continue; // the path leaves the folder with ..
    try {
      if ((await vscode.workspace.fs.stat(file)).type & vscode.FileType.File) return file;
    } catch {
      // The file may be in another folder.
    }
  }
  return undefined;
}
