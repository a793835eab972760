/**
 * The order in which open documents are read in the background: first the focused one, which the user looked at or
 * worked in last, then the others that the user has looked at or worked in. Until a client reports a focus, the document
 * opened last is one of them.
 */
export class ReadingOrder<T> {
  readonly #documents = new Set<T>();
  #focus: T | undefined;
  /** True once the client has reported a focused document. From then on, documents that are only open are not read. */
  #isFocusKnown = false;
  /** The document opened last, until the user works in it or another one is opened. */
  #onlyOpened: T | undefined;

  /**
   * @returns whether the document is read. If the client reports the focus, it is not: reading begins when the user
   * looks at the document or works in it.
   */
  opened(document: T): boolean {
    if (this.#isFocusKnown) return false;
    if (this.#onlyOpened !== undefined) this.#documents.delete(this.#onlyOpened);
    this.#onlyOpened = document;
    this.#documents.add(document);
    return true;
  }

  closed(document: T): void {
    this.#documents.delete(document);
    if (this.#focus === document) this.#focus = undefined;
    if (this.#onlyOpened === document) this.#onlyOpened = undefined;
  }

  /** Call when the user looks at a document. */
  focused(document: T): void {
    if (!this.#isFocusKnown) this.#documents.clear();
    this.#isFocusKnown = true;
    this.workedIn(document);
  }

  /** Call when the user typed in a document or requested a completion there. */
  workedIn(document: T): void {
    if (this.#onlyOpened === document) this.#onlyOpened = undefined;
    this.#documents.add(document);
    this.#focus = document;
  }

  /** The documents to read, in order. */
  documents(isFocusedOnly: boolean): Iterable<T> {
    const focused = this.#focus === undefined ? [] : [this.#focus];
    return isFocusedOnly ? focused : new Set([...focused, ...this.#documents]);
  }
}
