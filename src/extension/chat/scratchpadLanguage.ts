import * as vscode from "vscode";
import { isLanguageEnabled, type Ineligibility } from "../../shared/eligibility.js";
import type { EnabledLanguages } from "../../shared/protocol.js";
import { languageName } from "../languageNames.js";
import { lastEditor } from "./attachmentSources.js";
import type { Conversation } from "./conversation.js";

/** The language if no open document contains code. */
const defaultLanguageId = "typescript";

interface Documents {
  /** Why a document gets no automatic completions. */
  readonly ineligibility: (document: vscode.TextDocument) => Ineligibility | undefined;
}

/** True for a language such as Markdown, for which completions are off unless the user turns them on. */
function isOffByDefault(languageId: string): boolean {
  const { defaultValue } = vscode.workspace.getConfiguration("rwkvCode").inspect<EnabledLanguages>("enable") ?? {};
  return !isLanguageEnabled(defaultValue ?? {}, languageId);
}

/** Chooses the language of a scratchpad: the language of the code that the user works on, until the user picks one. */
export class ScratchpadLanguage {
  readonly #documents: Documents;
  /** The conversation whose language the user has picked. */
  #picked: Conversation | undefined;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  /**
   * The language of the last used editor. If that editor shows no code but, for instance, Markdown or an output
   * channel, the language of another open document.
   */
  ofCode(): string {
    const visible = vscode.window.visibleTextEditors.map(({ document }) => document);
    const all = [lastEditor()?.document, ...visible, ...vscode.workspace.textDocuments];
    const code = all.find((document) => document !== undefined && this.#isCode(document));
    return code?.languageId ?? defaultLanguageId;
  }

  /** True for code, even if the user has turned completions off for its language. */
  #isCode(document: vscode.TextDocument): boolean {
    return this.#documents.ineligibility(document) !== "notEditable" && !isOffByDefault(document.languageId);
  }

  /** Updates the language of a conversation that has not begun; the user may have opened another file. */
  follow(conversation: Conversation): void {
    if (conversation.isEmpty && conversation !== this.#picked) conversation.languageId = this.ofCode();
  }

  /** Lets the user pick the language. @returns whether one was picked. */
  async pick(conversation: Conversation): Promise<boolean> {
    const ids = new Set([conversation.languageId, ...(await vscode.languages.getLanguages())]);
    const [first, ...others] = [...ids].map((id) => ({ label: languageName(id), description: id, id }));
    if (first === undefined) return false;
    others.sort((a, b) => a.label.localeCompare(b.label));
    const options = { title: vscode.l10n.t("RWKV Code: Language of the Scratchpad"), matchOnDescription: true };
    const picked = await vscode.window.showQuickPick([first, ...others], options);
    if (picked === undefined) return false;
    conversation.languageId = picked.id;
    this.#picked = conversation;
    return true;
  }
}
