import { isObject } from "./jsonObject.js";
import os from "node:os";
import { defaultSettings, type ServerSettings } from "./protocol.js";
import { unknownSettings } from "./unknownSettings.js";

/** The section that holds the settings, in VS Code and in other clients. */
export const section = "rwkvCode";

/** Settings sent by a client, and their problems, to be shown to the user. */
export interface ParsedConfiguration {
  /** Only the settings that were sent. Invalid values are corrected or dropped; `problems` then has a message. */
  readonly settings: Partial<ServerSettings>;
  readonly problems: readonly string[];
}

/**
 * Reads settings by their names in the README. The value is the section itself or an object that contains it as
 * `rwkvCode`; keys may be prefixed with the section's name and a dot. Anything that is not a setting of the server is
 * ignored. An unknown name is reported if it is in our section or close to a known name.
 * @param isSection whether the value is known to be the section itself.
 */
export function parseConfiguration(value: unknown, isSection = false): ParsedConfiguration {
  const settings: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, { key, parse, allowed }] of Object.entries(serverSettings)) {
    const given = settingOf(value, name);
    if (given === undefined || given === null) continue;
    const { used, instead } = parse(given);
    if (used !== undefined) settings[key] = used;
    if (instead !== undefined) problems.push(`The setting ${section}.${name} must be ${allowed}; ${instead}.`);
  }
  problems.push(
    ...unknownSettings(value, { section, known: [...Object.keys(serverSettings), ...othersKnown] }, isSection),
  );
  return { settings, problems };
}

/** Names that are not reported as unknown: settings that only the extension or a client uses, and client options. */
const othersKnown = [
  "delayMs",
  "generateMaxLines",
  "chatSystemPrompt",
  "downloadSource",
  "completionProvider",
  "statusNotifications",
  "nothingShownNotifications",
  "storagePath",
  "trace",
];

/** The inverse of `parseConfiguration`: the configuration that a client sends to give the server these settings. */
export function asConfiguration(settings: Partial<ServerSettings>): Record<string, unknown> {
  const names = Object.keys(serverSettings).filter((name) => name !== "modelPath");
  const entries = names.map((name) => [name, settings[serverSettings[name]?.key ?? "modelPath"]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

interface Setting {
  readonly key: keyof ServerSettings;
  readonly parse: (value: unknown) => Parsed;
  /** Completes the sentence "The setting must be …". */
  readonly allowed: string;
}

interface Parsed {
  /** The value to use; undefined if the given one is dropped. */
  readonly used?: unknown;
  /** Part of the message about an invalid value: what happens instead of using it. */
  readonly instead?: string;
}

const ignored: Parsed = { instead: "the value is ignored" };

const modelSetting: Setting = {
  key: "modelPath",
  parse: (value) => (typeof value === "string" ? { used: value.replace(/^~(?=[/\\])/, os.homedir()) } : ignored),
  allowed: "the path of a model's folder, or empty for the embedded model",
};

const serverSettings: Readonly<Record<string, Setting>> = {
  enable: {
    key: "enable",
    parse: (value) => {
      if (!isObject(value)) return ignored;
      const entries = Object.entries(value).filter(([, isOn]) => typeof isOn === "boolean");
      const used = { ...defaultSettings.enable, ...Object.fromEntries(entries) };
      return entries.length === Object.keys(value).length ? { used } : { used, instead: "other entries are ignored" };
    },
    allowed: "an object that maps language identifiers to true or false",
  },
  automatic: {
    key: "automatic",
    parse: (value) => (typeof value === "boolean" ? { used: value } : ignored),
    allowed: "true or false",
  },
  exclude: globs("exclude"),
  workspaceContext: {
    key: "workspaceContext",
    parse: (value) => (typeof value === "boolean" ? { used: value } : ignored),
    allowed: "true or false",
  },
  workspaceExclude: globs("workspaceExclude"),
  confidence: oneOf("confidence", ["careful", "balanced", "eager", "always"]),
  engine: oneOf("engine", ["auto", "native", "onnxruntime"]),
  model: modelSetting,
  // The old name of `model` is still accepted.
  modelPath: modelSetting,
  timeBudgetMs: numberIn("timeBudgetMs", 50, 10_000),
  maxLines: numberIn("maxLines", 1, Infinity, Math.round),
  checkpointMemoryMB: numberIn("checkpointMemoryMB", 16, 16_384, Math.round),
  checkpointDiskMB: numberIn("checkpointDiskMB", 0, 65_536, Math.round),
  backgroundReading: oneOf("backgroundReading", ["auto", "all", "nearCursor"]),
  threads: numberIn("threads", 0, 64, Math.round),
  idleUnloadMinutes: numberIn("idleUnloadMinutes", 0, 10_080),
};

/** The names of the server's settings in the README. `workspaceExclude` is sent by clients, not set by users. */
export const serverSettingNames: readonly string[] = Object.keys(serverSettings).filter(
  (name) => name !== "modelPath" && name !== "workspaceExclude",
);

function globs(key: keyof ServerSettings): Setting {
  return {
    key,
    parse: (value) => {
      if (!Array.isArray(value)) return ignored;
      const used = value.filter((glob) => typeof glob === "string");
      return used.length === value.length ? { used } : { used, instead: "other entries are ignored" };
    },
    allowed: "a list of globs",
  };
}

function oneOf(key: keyof ServerSettings, values: readonly string[]): Setting {
  return {
    key,
    parse: (value) => (values.some((one) => one === value) ? { used: value } : ignored),
    allowed: `one of ${values.map((one) => `"${one}"`).join(", ")}`,
  };
}

function numberIn(
  key: keyof ServerSettings,
  min: number,
  max: number,
  rounded = (value: number): number => value,
): Setting {
  return {
    key,
    parse: (value) => {
      if (typeof value !== "number" || Number.isNaN(value)) return ignored;
      const used = rounded(Math.min(max, Math.max(min, value)));
      return used === value ? { used } : { used, instead: `${used} is used` };
    },
    allowed: `a ${rounded === Math.round ? "whole number" : "number"} ${max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`}`,
  };
}

function settingOf(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined;
  const own = (of: Record<string, unknown>, key: string): unknown => (Object.hasOwn(of, key) ? of[key] : undefined);
  const inner = own(value, section);
  return (isObject(inner) ? own(inner, name) : undefined) ?? own(value, `${section}.${name}`) ?? own(value, name);
}
