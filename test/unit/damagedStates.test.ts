import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { archivedStateOf } from "../../src/core/states/archivedState.js";
import { maxPlaces, type ArchivedPlace } from "../../src/core/states/stateArchive.js";
import { encodedPlaces } from "../../src/storedStates/placesFormat.js";
import { decodedState, encodedState } from "../../src/storedStates/stateFormat.js";
import { filesIn, modelOf, placeOf, save, stateOf, storedIn, uri } from "../support/storedStates.js";
import { inTemporaryFolder } from "../support/temporary.js";

test("a file that is damaged, cut, of another model or not ours is ignored and deleted", () =>
  inTemporaryFolder(async (folder) => {
    const [first, other] = [stateOf(1, 100, 16), stateOf(2, 100, 16)];
    const stored = storedIn(folder, { model: modelOf("m", 16) });
    await save(stored, [first, other]);
    const find = (extension: string): string => filesIn(folder).find((name) => name.endsWith(extension))!;
    const [states, places] = [".state", ".places"].map((extension) => path.join(folder, "states", find(extension)));
    const isOfFirst = readFileSync(states!).includes(first.prefix.digest);
    const key = (isOfFirst ? first : other).prefix.digest;
    const check = async (file: string, content: Uint8Array, about: string): Promise<void> => {
      writeFileSync(file, content);
      const read = file === states ? await stored.read(key) : (await stored.placesOf(uri))[0];
      assert.equal(read, undefined, about);
      assert.ok(!filesIn(folder).includes(path.basename(file)), `${about} is deleted`);
    };
    for (const file of [states!, places!]) {
      const whole = readFileSync(file);
      for (let at = 0; at < whole.length; at += 5) {
        const changed = Buffer.from(whole);
        changed[at]! ^= 0x10;
        await check(file, changed, `byte ${at}`);
        await check(file, whole.subarray(0, at), `${at} bytes`);
      }
      await check(file, Buffer.concat([whole, Buffer.from("x")]), "a longer one");
      await check(file, Buffer.from("#!/bin/sh\n"), "a foreign one");
      writeFileSync(file, whole);
    }
    assert.ok((await stored.read(key)) !== undefined);
    // The content of another state of the same model, under this state's name.
    const names = filesIn(folder).filter((name) => name.endsWith(".state"));
    const swapped = path.join(
      folder,
      "states",
      names.find((name) => name !== path.basename(states!))!,
    );
    await check(states!, readFileSync(swapped), "another state");

    const foreign = storedIn(folder, { model: modelOf("n", 16) });
    const mine = stateOf(1, 100, 16);
    await save(foreign, [mine]);
    const [ofOther] = filesIn(folder).filter((name) => name.endsWith(".state") && !names.includes(name));
    await check(states!, readFileSync(path.join(folder, "states", ofOther!)), "one of another model");
  }));

test("a file with a right hash that holds no state or no places is ignored and deleted", () =>
  inTemporaryFolder(async (folder) => {
    const mine = stateOf(1, 100, 16);
    const { state } = mine;
    const read = archivedStateOf(mine);
    const key = mine.prefix.digest;
    const stored = storedIn(folder, { model: modelOf("m", 16) });
    const numbers = [
      state.data.subarray(1),
      new Float32Array(17),
      new Float32Array(0),
      state.data.with(3, NaN),
      state.data.with(15, -Infinity),
    ];
    const states = [
      ...numbers.map((data) => encodedState(modelOf("m", 16), key, { ...read, state: { data } })),
      encodedState(modelOf("m", 16), key, { ...read, remainderTokens: 64, state }),
      encodedState(modelOf("m", 16), key, { ...read, remainderTokens: -1, state }),
      encodedState(modelOf("m", 16), key, { ...read, blocks: 0.5, state }),
      encodedState(modelOf("m", 16), key, { ...read, hash: { high: 1, low: NaN }, state }),
    ];
    await save(stored, [mine]);
    const [placesFile, stateFile] = filesIn(folder).sort((a) => (a.endsWith(".places") ? -1 : 1));
    for (const [i, parts] of states.entries()) {
      writeFileSync(path.join(folder, "states", stateFile!), Buffer.concat(parts));
      assert.equal(await stored.read(key), undefined, `state ${i}`);
      assert.deepEqual(filesIn(folder), [placesFile], `state ${i} is deleted`);
    }
    const place = placeOf(mine);
    const wrong = [null, {}, [null], [{ ...place, offset: -1 }], [{ ...place, offset: 1.5 }], [place, { offset: 1 }]];
    for (const places of wrong) {
      writeFileSync(path.join(folder, "states", placesFile!), encodedPlaces("m", places as ArchivedPlace[]));
      assert.deepEqual(await stored.placesOf(uri), [], JSON.stringify(places));
      assert.deepEqual(filesIn(folder), [], `${JSON.stringify(places)} is deleted`);
    }
  }));

test("a packed state is read only under the key of a rounded prefix, and if its numbers are finite", () => {
  const model = modelOf("m", 16);
  const mine = stateOf(1, 100, 16);
  const isRead = (key: string, data: Uint8Array<ArrayBuffer>): boolean => {
    const bytes = Buffer.concat(encodedState(model, key, { ...archivedStateOf(mine), state: { data } }));
    return decodedState(bytes, model, key) !== undefined;
  };
  const packed = (scale: number): Uint8Array<ArrayBuffer> => {
    const data = new Uint8Array(model.packedStateBytes);
    new Float32Array(data.buffer, 0, 1)[0] = scale;
    return data;
  };
  const exact = mine.prefix.digest;
  const rounded = mine.prefix.rounded().digest;
  assert.equal(isRead(rounded, packed(0.5)), true);
  assert.equal(isRead(exact, packed(0.5)), false);
  assert.equal(isRead(rounded, packed(0.5).subarray(1)), false);
  for (const scale of [NaN, Infinity, -Infinity, 3e38]) assert.equal(isRead(rounded, packed(scale)), false, `${scale}`);
});

test("a file with more places than are ever written, or longer ones, is ignored and deleted", () =>
  inTemporaryFolder(async (folder) => {
    const stored = storedIn(folder, { model: modelOf("m", 16) });
    await save(stored, [stateOf(1, 100, 16)]);
    const file = path.join(
      folder,
      "states",
      filesIn(folder).find((name) => name.endsWith(".places"))!,
    );
    const places = Array.from({ length: maxPlaces + 1 }, (_, i) => {
      return { offset: i, textKey: `1a2b3c4d.5e6f7a8b.${i}`, stateKey: `1a2b3c4d.5e6f7a8b.${i}` };
    });
    const long = places.slice(1).map((place) => ({ ...place, textKey: "1".repeat(200) }));
    for (const [content, count] of [
      [places.slice(1), maxPlaces],
      [places, 0],
      [long, 0],
    ] as const) {
      writeFileSync(file, encodedPlaces("m", content));
      assert.equal((await stored.placesOf(uri)).length, count);
      assert.equal(filesIn(folder).includes(path.basename(file)), count > 0);
    }
  }));
