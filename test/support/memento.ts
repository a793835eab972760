import type { PersistedCounts } from "../../src/extension/completionCounts.js";

/** VS Code's storage, shared by windows; as JSON, like on disk. `kept` returns the value stored under a name. */
export function memento(): ConstructorParameters<typeof PersistedCounts>[0] & {
  readonly kept: (name: string) => unknown;
} {
  const stored = new Map<string, string>();
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
  };
}
