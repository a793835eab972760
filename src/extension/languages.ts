import type { EnabledLanguages } from "../shared/protocol.js";
import { isLanguageEnabled } from "../shared/eligibility.js";

/** The setting `rwkvCode.enable` by level. If several levels have an entry for a language, the last of these wins. */
export interface EnabledLevels {
  readonly defaultValue?: EnabledLanguages | undefined;
  readonly globalValue?: EnabledLanguages | undefined;
  readonly workspaceValue?: EnabledLanguages | undefined;
}

type Level = "globalValue" | "workspaceValue";

export interface EnabledChange {
  readonly level: Level;
  /** The new value; undefined to remove the setting. */
  readonly value: EnabledLanguages | undefined;
}

/**
 * Turns a language on if it is off, and off if it is on; "*" means all languages without an entry of their own.
 * The change is made at the level whose entry takes effect now, because at another level it might have no effect.
 * Entries that are no longer needed are removed.
 */
export function toggled(levels: EnabledLevels, languageId: string): readonly EnabledChange[] {
  const isOn = !isLanguageEnabled(merged(levels), languageId);
  const isInWorkspace = Object.hasOwn(levels.workspaceValue ?? {}, languageId);
  const level: Level = isInWorkspace ? "workspaceValue" : "globalValue";
  // Turning everything off also turns off languages that have an entry of their own.
  const base = languageId === "*" && !isOn ? filtered(levels, ({ isEnabled }) => !isEnabled) : levels;
  const cleared = filtered(base, (entry) => entry.level !== level || entry.id !== languageId);
  const isDone = isLanguageEnabled(merged(cleared), languageId) === isOn;
  const next = isDone ? cleared : { ...cleared, [level]: { ...cleared[level], [languageId]: isOn } };
  return changesBetween(levels, next);
}

interface Entry {
  readonly level: Level;
  readonly id: string;
  readonly isEnabled: boolean;
}

/** The levels, without the user's and the workspace's entries for which `keeps` returns false. */
function filtered(levels: EnabledLevels, keeps: (entry: Entry) => boolean): EnabledLevels {
  const kept = (level: Level): EnabledLanguages =>
    Object.fromEntries(
      Object.entries(levels[level] ?? {}).filter(([id, isEnabled]) => keeps({ level, id, isEnabled })),
    );
  return { ...levels, globalValue: kept("globalValue"), workspaceValue: kept("workspaceValue") };
}

function changesBetween(old: EnabledLevels, next: EnabledLevels): readonly EnabledChange[] {
  return (["globalValue", "workspaceValue"] as const)
    .filter((level) => JSON.stringify(next[level] ?? {}) !== JSON.stringify(old[level] ?? {}))
    .map((level) => ({ level, value: Object.keys(next[level] ?? {}).length === 0 ? undefined : next[level] }));
}

/** Merges entry by entry, as VS Code does. */
function merged({ defaultValue, globalValue, workspaceValue }: EnabledLevels): EnabledLanguages {
  return { ...defaultValue, ...globalValue, ...workspaceValue };
}
