import { mostNeighbours, type Neighbour } from "../cache/documentCache.js";
import type { DocumentSession } from "./documentSession.js";

/** The documents that were worked in, the last one first: those of one language help one another complete. */
export class RecentDocuments {
  #sessions: DocumentSession[] = [];

  used(session: DocumentSession): void {
    if (this.#sessions[0] !== session) this.#sessions = [session, ...this.#sessions.filter((one) => one !== session)];
  }

  closed(session: DocumentSession): void {
    this.#sessions = this.#sessions.filter((one) => one !== session);
  }

  /** The other documents of the session's language, the last used first. */
  neighboursOf(session: DocumentSession): Neighbour[] {
    const family = familyOf(session.document.headerPath);
    return this.#sessions
      .filter((one) => one !== session && familyOf(one.document.headerPath) === family)
      .slice(0, mostNeighbours)
      .map((one) => ({ text: one.document.tokens, cursor: one.cursor }));
  }
}

/** A document's extension, the same for `.ts`, `.tsx` and `.mts`; its header says one for a cell and for what is untitled. */
function familyOf(headerPath: string): string {
  const extension = /\.([^./]+)$/.exec(headerPath)?.[1]?.toLowerCase() ?? "";
  return extension.replace(/^[mc]?([jt]s)x?$/, "$1");
}
