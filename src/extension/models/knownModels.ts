import path from "node:path";

/** A model that can be chosen. */
export interface KnownModel {
  /** "elsewhere": the setting names a folder that is none of ours. */
  readonly kind: "embedded" | "imported" | "elsewhere";
  readonly folder: string;
  /** What the setting `rwkvCode.model` says when it is chosen. */
  readonly setting: string;
  readonly isCurrent: boolean;
}

export interface ModelPlaces {
  readonly embedded: string;
  /** Where imports go. */
  readonly imported: string;
  /** Names of the folders there that hold a model.json. */
  readonly names: readonly string[];
  /** What the setting names now; empty: the embedded model. */
  readonly setting: string;
}

/** Of folders that an import is still making, or that are about to take another's place. */
export const unfinished = [".partial", ".new"] as const;

/** The embedded model, the imported ones by name, and the one that the setting names where it lies elsewhere. */
export function knownModels({ embedded, imported, names, setting }: ModelPlaces): KnownModel[] {
  const ours: Omit<KnownModel, "isCurrent">[] = [
    { kind: "embedded", folder: embedded, setting: "" },
    ...names
      .filter((name) => !unfinished.some((suffix) => name.endsWith(suffix)))
      .sort((a, b) => a.localeCompare(b))
      .map((name) => path.join(imported, name))
      .map((folder) => ({ kind: "imported", folder, setting: folder }) as const),
  ];
  const current = ours.find((model) => (setting === "" ? model.setting === "" : isSamePlace(model.folder, setting)));
  const all = current === undefined ? [...ours, { kind: "elsewhere", folder: setting, setting } as const] : ours;
  return all.map((model) => ({ ...model, isCurrent: model === (current ?? all.at(-1)) }));
}

export function isSamePlace(a: string, b: string): boolean {
  return path.resolve(a) === path.resolve(b);
}
