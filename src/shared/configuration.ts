import os from "node:os";
import { defaultSettings, type ServerSettings } from "./protocol.js";
import { unknownSettings } from "./unknownSettings.js";

/** The section that holds the settings, in VS Code and for other clients of the server. */
export const section = "rwkvCode";

/** What a client says of the settings, with what is wrong with it, for people. */
export interface ParsedConfiguration {
  /** Only what was said. A number out of bounds is brought within them; any other wrong value is left out. */
  readonly settings: Partial<ServerSettings>;
  readonly problems: readonly string[];
}

/**
 * Reads settings by the names that the README gives them. The value is the section itself, or an object that holds it as
 * `rwkvCode`; keys may carry the section's name before a dot. What is not a setting of the server is skipped;
 * an unknown name is a problem if it is meant for us or is a near miss.
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

/** Settings of the extension alone, what a client says of itself beside the settings, and what clients use themselves. */
const othersKnown = [
  "delayMs",
  "generateMaxLines",
  "chatSystemPrompt",
  "completionProvider",
  "statusNotifications",
  "trace",
];

/** The inverse: what a client sends so that the server has these settings. */
export function asConfiguration(settings: Partial<ServerSettings>): Record<string, unknown> {
  const entries = serverSettingNames.map((name) => [name, settings[serverSettings[name]?.key ?? "modelPath"]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

interface Setting {
  readonly key: keyof ServerSettings;
  readonly parse: (value: unknown) => Parsed;
  /** What follows "must be". */
  readonly allowed: string;
}

interface Parsed {
  /** Undefined when the value cannot be used. */
  readonly used?: unknown;
  /** What happens instead when the value is wrong. */
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
      if (!isRecord(value)) return ignored;
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
  exclude: {
    key: "exclude",
    parse: (value) => {
      if (!Array.isArray(value)) return ignored;
      const used = value.filter((glob) => typeof glob === "string");
      return used.length === value.length ? { used } : { used, instead: "other entries are ignored" };
    },
    allowed: "a list of globs",
  },
  confidence: oneOf("confidence", ["careful", "balanced", "eager", "always"]),
  engine: oneOf("engine", ["auto", "native", "onnxruntime"]),
  model: modelSetting,
  // An older name.
  modelPath: modelSetting,
  timeBudgetMs: numberIn("timeBudgetMs", 50, 10_000),
  maxLines: numberIn("maxLines", 1, Infinity, Math.round),
  checkpointMemoryMB: numberIn("checkpointMemoryMB", 16, 16_384, Math.round),
  threads: numberIn("threads", 0, 64, Math.round),
  idleUnloadMinutes: numberIn("idleUnloadMinutes", 0, 10_080),
};

/** As the README has them, without the section. */
export const serverSettingNames: readonly string[] = Object.keys(serverSettings).filter((name) => name !== "modelPath");

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
  if (!isRecord(value)) return undefined;
  const own = (of: Record<string, unknown>, key: string): unknown => (Object.hasOwn(of, key) ? of[key] : undefined);
  const inner = own(value, section);
  return (isRecord(inner) ? own(inner, name) : undefined) ?? own(value, `${section}.${name}`) ?? own(value, name);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
