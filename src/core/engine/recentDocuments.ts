import { maxNeighbors, type Neighbor } from "../decoding/documentNgrams.js";
import type { DocumentSession } from "../completion/documentSession.js";
import { languageFamilyOf } from "../workspace/languageFamily.js";

/** A neighbor with its URI, which tells which file to leave out when the workspace index is searched. */
export interface OpenNeighbor extends Neighbor {
  readonly uri: string;
}

/**
 * The documents in which the user has worked, the most recent one first. Documents of the same language family supply
 * n-grams to each other.
 */
export class RecentDocuments {
  #sessions: DocumentSession[] = [];

  touch(session: DocumentSession): void {
    if (this.#sessions[0] !== session) this.#sessions = [session, ...this.#sessions.filter((one) => one !== session)];
  }

  closed(session: DocumentSession): void {
    this.#sessions = this.#sessions.filter((one) => one !== session);
  }

  /**
   * How likely a request is in a document, relative to the document used last (docs/STATES.md,
   * `npm run bench:eviction`).
   */
  weightOf(session: DocumentSession): number {
    const rank = this.#sessions.indexOf(session);
    return 1 / Math.sqrt(1 + (rank === -1 ? this.#sessions.length : rank));
  }

  /**
   * At most `maxNeighbors` other documents of the session's language family, the most recently used one first, without
   * those in its preamble. Their own preambles are not searched, because they contain the text of other documents.
   */
  neighborsOf(session: DocumentSession): OpenNeighbor[] {
    const family = languageFamilyOf(session.document.headerPath);
    return this.#sessions
      .filter((one) => one !== session && languageFamilyOf(one.document.headerPath) === family)
      .filter(({ document }) => !session.preambleUris.has(document.uri))
      .slice(0, maxNeighbors)
      .map(({ document, cursorToken }) => {
        const { uri, tokens, preambleTokens } = document;
        return { uri, text: tokens, cursorToken, fromToken: preambleTokens };
      });
  }
}
