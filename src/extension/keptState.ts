import type * as vscode from "vscode";

export interface KeptForm<T> {
  readonly name: string;
  /** Raised when older versions of the extension would misread the value. */
  readonly version: number;
  /**
   * Converts a value that this or an earlier version stored, and ignores its invalid parts. Called with undefined if
   * nothing is stored.
   */
  readonly read: (value: unknown) => T;
}

/**
 * A value that VS Code stores across sessions. The key contains the format's version, so an older version of the
 * extension neither misreads nor overwrites what a newer one stored.
 */
export class KeptState<T> {
  readonly #memento: Pick<vscode.Memento, "get" | "update">;
  readonly #form: KeptForm<T>;

  constructor(memento: Pick<vscode.Memento, "get" | "update">, form: KeptForm<T>) {
    this.#memento = memento;
    this.#form = form;
  }

  get value(): T {
    const { name, version, read } = this.#form;
    // The oldest versions of the extension used the name alone as the key.
    const kept = this.#keys(version).map((key) => this.#memento.get<unknown>(key));
    return read(kept.find((value) => value !== undefined) ?? this.#memento.get<unknown>(name));
  }

  async update(value: T): Promise<void> {
    const [key = ""] = this.#keys(this.#form.version);
    await this.#memento.update(key, value);
  }

  /** Newest first. */
  #keys(version: number): string[] {
    return Array.from({ length: version }, (_, older) => `${this.#form.name}.v${version - older}`);
  }
}

/** The entries of an object whose values are finite numbers. */
export function numbersIn(value: unknown): Record<string, number> {
  if (typeof value !== "object" || value === null) return {};
  const entries = Object.entries(value).filter((entry): entry is [string, number] => Number.isFinite(entry[1]));
  return Object.fromEntries(entries);
}
