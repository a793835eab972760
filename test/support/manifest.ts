import { readFileSync } from "node:fs";

export interface SettingSchema {
  readonly scope: string;
  readonly default: unknown;
  readonly order: number;
  readonly ignoreSync?: boolean;
}

interface SettingGroup {
  readonly title: string;
  readonly order: number;
  readonly properties: Readonly<Record<string, SettingSchema>>;
}

/** The groups of settings in package.json. */
export const settingGroups = (
  JSON.parse(readFileSync("package.json", "utf8")) as {
    readonly contributes: { readonly configuration: readonly SettingGroup[] };
  }
).contributes.configuration;

/** All settings by their full names. */
export const settingSchemas: Readonly<Record<string, SettingSchema>> = Object.fromEntries(
  settingGroups.flatMap(({ properties }) => Object.entries(properties)),
);
