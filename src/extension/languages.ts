import type { EnabledLanguages } from "../shared/protocol.js";
import { isLanguageEnabled } from "../shared/eligibility.js";

/** What the setting is made of; of entries for the same language the lower one holds. */
export interface EnabledLevels {
  readonly defaultValue?: EnabledLanguages | undefined;
  readonly globalValue?: EnabledLanguages | undefined;
  readonly workspaceValue?: EnabledLanguages | undefined;
}

type Level = "globalValue" | "workspaceValue";

export interface EnabledChange {
  readonly level: Level;
  /** What is to stand there; undefined where nothing is. */
  readonly value: EnabledLanguages | undefined;
}

/**
 * Turns a language on where it is off, and off where it is on; "*" all that have no entry of their own. It is done where
 * the entry stands that decides now, as another one would change nothing, and without an entry where none is needed.
 */
export function toggled(levels: EnabledLevels, languageId: string): readonly EnabledChange[] {
  const isOn = !isLanguageEnabled(merged(levels), languageId);
  const isInWorkspace = Object.hasOwn(levels.workspaceValue ?? {}, languageId);
  const decidingLevel: Level = isInWorkspace ? "workspaceValue" : "globalValue";
  const isOver = (level: Level, id: string, isEnabled: boolean): boolean =>
    // All off means off for those too that were once turned on by themselves.
    (level === decidingLevel && id === languageId) || (languageId === "*" && !isOn && isEnabled);
  const remaining = (level: Level): EnabledLanguages =>
    Object.fromEntries(Object.entries(levels[level] ?? {}).filter(([id, isEnabled]) => !isOver(level, id, isEnabled)));
  const next = { ...levels, globalValue: remaining("globalValue"), workspaceValue: remaining("workspaceValue") };
  if (isLanguageEnabled(merged(next), languageId) !== isOn)
    next[decidingLevel] = { ...next[decidingLevel], [languageId]: isOn };
  return (["globalValue", "workspaceValue"] as const)
    .filter((level) => JSON.stringify(next[level]) !== JSON.stringify(levels[level] ?? {}))
    .map((level) => ({ level, value: Object.keys(next[level]).length === 0 ? undefined : next[level] }));
}

/** As VS Code does it: entry by entry. */
function merged({ defaultValue, globalValue, workspaceValue }: EnabledLevels): EnabledLanguages {
  return { ...defaultValue, ...globalValue, ...workspaceValue };
}
