import path from "node:path";
import type { NamedModel } from "./namedModel.js";

/** A model that can be chosen. */
export interface KnownModel {
  /** "elsewhere": the setting names a folder that is none of ours, or an imported model that is missing. */
  readonly kind: "embedded" | "imported" | "elsewhere";
  readonly folder: string;
  /** What the setting `rwkvCode.model` says when it is chosen. */
  readonly setting: string;
  readonly isCurrent: boolean;
}

export interface ModelLocations {
  readonly embedded: string;
  /** Where imports go. */
  readonly imported: string;
  /** Names of the folders there that hold a model.json. */
  readonly names: readonly string[];
  /** What the setting names now. */
  readonly named: NamedModel;
}

/** Of folders that an import is still making, or that are about to take another's place. */
export const unfinishedSuffixes = [".partial", ".new"] as const;

/** The embedded model, the imported ones by name, and the one that the setting names if it is elsewhere or missing. */
export function knownModels({ embedded, imported, names, named }: ModelLocations): KnownModel[] {
  const ours: Omit<KnownModel, "isCurrent">[] = [
    { kind: "embedded", folder: embedded, setting: "" },
    ...names
      .filter((name) => !unfinishedSuffixes.some((suffix) => name.endsWith(suffix)))
      .sort((a, b) => a.localeCompare(b))
      .map((name) => ({ kind: "imported", folder: path.join(imported, name), setting: name }) as const),
  ];
  const isNamed = ({ folder, kind }: Omit<KnownModel, "isCurrent">): boolean =>
    named.folder === "" ? kind === "embedded" : isSamePath(folder, named.folder);
  const { folder, setting } = named;
  const all = ours.some(isNamed) ? ours : [...ours, { kind: "elsewhere", folder, setting } as const];
  // While the named model is missing the embedded one is used.
  return all.map((model) => ({ ...model, isCurrent: named.isMissing ? model.kind === "embedded" : isNamed(model) }));
}

export function isSamePath(a: string, b: string): boolean {
  return path.resolve(a) === path.resolve(b);
}
