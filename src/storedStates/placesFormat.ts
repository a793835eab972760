import { createHash } from "node:crypto";
import type { ArchivedPlace } from "../core/states/stateArchive.js";

/** To be raised when an older version of the extension would misread the file. */
const formatVersion = 2;

interface Places {
  readonly formatVersion: number;
  readonly model: string;
  readonly places: readonly ArchivedPlace[];
}

/** The places of a document as a file: a line with the SHA-256 of the JSON, then the JSON. */
export function encodedPlaces(model: string, places: readonly ArchivedPlace[]): string {
  const json = JSON.stringify({ formatVersion, model, places } satisfies Places);
  return `${hashOf(json)}\n${json}\n`;
}

/** Returns undefined, or throws, if the file is damaged, of another version, or of another model. */
export function decodedPlaces(text: string, model: string): readonly ArchivedPlace[] | undefined {
  const [hash, json = "", end] = text.split("\n");
  if (end !== "" || hash !== hashOf(json)) return undefined;
  const file = JSON.parse(json) as Partial<Places>; // each field is checked, because anybody can compute a hash
  if (file.formatVersion !== formatVersion || file.model !== model) return undefined;
  return Array.isArray(file.places) && file.places.every(isPlace) ? file.places : undefined;
}

function isPlace({ offset, textKey, stateKey }: Partial<Record<keyof ArchivedPlace, unknown>>): boolean {
  return (
    Number.isSafeInteger(offset) && Number(offset) >= 0 && typeof textKey === "string" && typeof stateKey === "string"
  );
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
