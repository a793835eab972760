import { createHash } from "node:crypto";
import { maxPlaces, type ArchivedPlace } from "../core/states/stateArchive.js";

/** Raise it when an older version of the extension would misread the file. */
const formatVersion = 3;

/** Longer files are not parsed. A place takes less than 200 bytes. */
const maxBytes = 1024 + 256 * maxPlaces;

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

/**
 * Returns undefined, or throws, if the file is damaged, has another version, belongs to another model, or has more
 * places than are ever written.
 */
export function decodedPlaces(bytes: Buffer, model: string): readonly ArchivedPlace[] | undefined {
  if (bytes.length > maxBytes) return undefined;
  const text = bytes.toString();
  const [hash, json = "", end] = text.split("\n");
  if (end !== "" || hash !== hashOf(json)) return undefined;
  const file = JSON.parse(json) as Partial<Places>; // each field is checked, because anybody can compute a hash
  if (file.formatVersion !== formatVersion || file.model !== model) return undefined;
  if (!Array.isArray(file.places) || file.places.length > maxPlaces) return undefined;
  return file.places.every(isPlace) ? file.places : undefined;
}

function isPlace({ offset, textKey, stateKey }: Partial<Record<keyof ArchivedPlace, unknown>>): boolean {
  return (
    Number.isSafeInteger(offset) && Number(offset) >= 0 && typeof textKey === "string" && typeof stateKey === "string"
  );
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
