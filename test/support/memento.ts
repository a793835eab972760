import type { PersistedCounts } from "../../src/extension/completionCounts.js";

/** A stand-in for VS Code's `Memento`, which all windows share. Values are stored as JSON, as on disk. */
export interface TestMemento {
  /** The value stored under a name. */
  readonly kept: (name: string) => unknown;
  /** All stored values as JSON, by name. */
  readonly all: () => ReadonlyMap<string, string>;
  /** Replaces all stored values. */
  readonly replace: (all: ReadonlyMap<string, string>) => void;
}

export function memento(): ConstructorParameters<typeof PersistedCounts>[0] & TestMemento {
  let stored = new Map<string, string>();
  const kept = (name: string): unknown => {
    const json = stored.get(name);
    return json === undefined ? undefined : JSON.parse(json);
  };
  return {
    get: (name: string) => kept(name) as never, // VS Code returns stored values as any requested type
    update: async (name, value) => {
      stored.set(name, JSON.stringify(value));
    },
    kept,
    all: () => new Map(stored),
    replace: (all) => {
      stored = new Map(all);
    },
  };
}
