import type { TextDocument } from "vscode-languageserver-textdocument";
import type { EngineDocuments } from "../core/engine/engineDocuments.js";
import { headerPath } from "../core/tokens/headerPath.js";
import type { Blocker } from "../shared/eligibility.js";
import type { NothingReason } from "../shared/nothingShown.js";
import type { ClientSession } from "./clientSession.js";
import type { Configuration } from "./configuration.js";
import { blockerIn, ineligibilityIn, isExcludedIn } from "./documentGate.js";

export interface AdmissionOptions {
  readonly session: ClientSession;
  readonly configuration: () => Pick<Configuration, "settings" | "exclusion">;
  /** The documents that are open for the loaded model, if there is one. */
  readonly open: () => EngineDocuments | undefined;
  /** Called after a document is opened in the engine. */
  readonly onOpened: (uri: string) => void;
  /** Called when the model must be loaded: a document is to be opened in it, or the client waits for the model. */
  readonly onWanted: () => void;
}

/** Decides from the settings which of the client's documents the model reads. */
export class Admission {
  readonly #options: AdmissionOptions;
  /** URIs of documents in a disabled language that are open only because the user asked for text in them. */
  readonly #invokedIn = new Set<string>();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Opens a document in the model or closes it, depending on the settings. Calls `onWanted` if the model is needed. */
  admit(document: TextDocument): void {
    const { session, open, onOpened, onWanted } = this.#options;
    const { uri, languageId } = document;
    if (!session.isConfigured) return;
    const isAsked = this.#invokedIn.has(uri) && this.#blocker(document) === undefined;
    const isWanted = this.#ineligibility(document) === undefined || isAsked;
    if (isWanted || session.client?.awaitsModel === true) onWanted();
    const documents = open();
    if (documents === undefined) return;
    const isOpen = documents.isOpen(uri);
    if (isOpen && !isWanted) documents.close(uri);
    if (isOpen || !isWanted) return;
    documents.open({ uri, headerPath: headerPath(uri, languageId, session.folders) }, document.getText());
    onOpened(uri);
  }

  /**
   * Call when the user asks for text in a document. Opens it even if its language is disabled.
   * @returns why it must not be opened; undefined if it may be.
   */
  admitAsked(document: TextDocument): Blocker | undefined {
    const blocker = this.#blocker(document);
    if (blocker === undefined && this.#ineligibility(document) !== undefined) {
      this.#invokedIn.add(document.uri);
      this.admit(document);
    }
    return blocker;
  }

  closed(uri: string): void {
    this.#invokedIn.delete(uri);
    this.#options.open()?.close(uri);
  }

  /** Why a document gets no automatic completions; undefined if it gets them. */
  whyNotAutomatic(document: TextDocument): NothingReason | undefined {
    return this.#options.configuration().settings.automatic ? this.#ineligibility(document) : "automaticOff";
  }

  isExcluded(uri: string): boolean {
    return isExcludedIn(this.#options.configuration(), uri, this.#options.session.folders);
  }

  /** True if a document must not be read, even if the user asks for text in it. */
  isBlocked(document: TextDocument): boolean {
    return this.#blocker(document) !== undefined;
  }

  #blocker(document: TextDocument): Blocker | undefined {
    return blockerIn(this.#options.configuration(), document, this.#options.session.folders);
  }

  #ineligibility(document: TextDocument): NothingReason | undefined {
    return ineligibilityIn(this.#options.configuration(), document, this.#options.session.folders);
  }
}
