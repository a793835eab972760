import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { TokenId } from "../../src/core/model.js";
import { archivedStateOf } from "../../src/core/states/archivedState.js";
import type { ArchivedPlace, ArchivedState } from "../../src/core/states/stateArchive.js";
import { emptyBlockHash, TokenPrefix } from "../../src/core/tokens/tokenPrefix.js";
import { StoredStates, type StoredStatesOptions } from "../../src/storedStates/storedStates.js";

export const uri = "file:///src/a.ts";
export const floats = 25_000;

/** A state that has read `count` tokens, all of them `token`. */
export function stateOf(token: number, count = 100, size = floats): TestState {
  const prefix = new TokenPrefix(emptyBlockHash("m"), 0, new Array<TokenId>(count).fill(token as TokenId));
  return { prefix, state: { data: Float32Array.from({ length: size }, (_, i) => token + Math.sin(i)) } };
}

export interface TestState {
  readonly prefix: TokenPrefix;
  readonly state: { readonly data: Float32Array };
}

export const placeOf = ({ prefix: { digest, tokenCount } }: TestState): ArchivedPlace => ({ offset: tokenCount, textKey: digest, stateKey: digest }); // prettier-ignore

/** A `find` function for `StoredStates.save`, which looks states up by their keys. */
export const findIn =
  (states: readonly TestState[]) =>
  ({ stateKey }: ArchivedPlace): ArchivedState | undefined => {
    const found = states.find(({ prefix }) => prefix.digest === stateKey);
    return found && archivedStateOf(found);
  };

export function storedIn(folder: string, options: Partial<StoredStatesOptions> = {}): StoredStates {
  return new StoredStates({
    folder: path.join(folder, "states"),
    model: modelOf("m"),
    maxBytes: () => 2 ** 24,
    isAllowed: () => true,
    onError: (error) => {
      throw error;
    },
    ...options,
  });
}

/** Saves states of a document and waits for the writes. @returns the places whose states were stored. */
export async function save(
  stored: StoredStates,
  states: readonly TestState[],
  of = uri,
): Promise<readonly ArchivedPlace[]> {
  let places: readonly ArchivedPlace[] = [];
  stored.save(of, {
    places: states.map(placeOf),
    find: findIn(states),
    onSaved: (kept) => (places = kept),
  });
  await stored.flush(60_000);
  return places;
}

export const modelOf = (id: string, size = floats) => ({
  id,
  stateBytes: 4 * size,
  packedStateBytes: size + 4 * Math.ceil(size / 64),
});
export const filesIn = (folder: string): string[] => readdirSync(path.join(folder, "states")).sort();
export const bytesIn = (folder: string): number =>
  filesIn(folder).reduce((sum, name) => sum + statSync(path.join(folder, "states", name)).size, 0);
