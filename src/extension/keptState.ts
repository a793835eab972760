import type * as vscode from "vscode";

export interface KeptForm<T> {
  readonly name: string;
  /** Raised when an older version of the extension would misread the value. */
  readonly version: number;
  /** Takes what it can of a value that this or an earlier version has kept; undefined if nothing was. */
  readonly read: (value: unknown) => T;
}

/**
 * A value that VS Code keeps from session to session. The key holds the version of its form: what a newer version of the
 * extension has kept is neither misread nor overwritten by an older one that is installed again.
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
    // Before there were versions the key was the name alone.
    const kept = this.#keys(version).map((key) => this.#memento.get<unknown>(key));
    return read(kept.find((value) => value !== undefined) ?? this.#memento.get<unknown>(name));
  }

  async update(value: T): Promise<void> {
    const [key = ""] = this.#keys(this.#form.version);
    await this.#memento.update(key, value);
  }

  /** The newest first. */
  #keys(version: number): string[] {
    return Array.from({ length: version }, (_, older) => `${this.#form.name}.v${version - older}`);
  }
}

/** The entries of an object that are finite numbers. */
export function numbersIn(value: unknown): Record<string, number> {
  if (typeof value !== "object" || value === null) return {};
  const entries = Object.entries(value).filter((entry): entry is [string, number] => Number.isFinite(entry[1]));
  return Object.fromEntries(entries);
}
