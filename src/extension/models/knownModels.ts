import path from "node:path";
import type { NamedModel } from "./namedModel.js";

/** A model that can be chosen. */
export interface KnownModel {
  /** "elsewhere": the setting names a folder outside our storage, or an imported model that is missing. */
  readonly kind: "embedded" | "imported" | "elsewhere";
  readonly folder: string;
  /** The value of the setting `rwkvCode.model` that selects this model. */
  readonly setting: string;
  readonly isCurrent: boolean;
}

export interface ModelLocations {
  readonly embedded: string;
  /** Folder of the imported models. */
  readonly imported: string;
  /** Names of the folders in `imported` that contain a model.json. */
  readonly names: readonly string[];
  /** The model that the setting names now. */
  readonly named: NamedModel;
}

/** Suffixes of folders that an import is still writing or has not renamed yet. */
export const unfinishedSuffixes = [".partial", ".new"] as const;

/**
 * The embedded model, the imported models sorted by name and, if it is none of these, the model that the setting names.
 */
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
  // While the named model is missing, the embedded one is used.
  return all.map((model) => ({ ...model, isCurrent: named.isMissing ? model.kind === "embedded" : isNamed(model) }));
}

export function isSamePath(a: string, b: string): boolean {
  return path.resolve(a) === path.resolve(b);
}
