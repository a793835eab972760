import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { TokenId } from "../../src/core/model.js";
import { archivedStateOf } from "../../src/core/states/archivedState.js";
import type { ArchivedState } from "../../src/core/states/stateArchive.js";
import { emptyBlockHash, TokenPrefix } from "../../src/core/tokens/tokenPrefix.js";
import type { StoredStates } from "../../src/storedStates/storedStates.js";
import { randomFrom } from "../support/random.js";
import { storedIn } from "../support/storedStates.js";
import { inTemporaryFolder } from "../support/temporary.js";

/** Number of kills. To change it, run `RWKV_CODE_KILLS=200 npm test -- unit killedStateWriters`. */
const kills = Number(process.env["RWKV_CODE_KILLS"] ?? 10);
const seed = 22;
/** Number of folder changes within which a state must have been found. Otherwise, the test fails. */
const maxChanges = 1000;
const maxBytes = 2 ** 20;
const documents = 4;
const floats = 2 ** 13;

/** A state and its key. All numbers in the state are `number`, and the key depends on it, so a mix-up is noticed. */
function stateOf(number: number): { readonly key: string; readonly archived: ArchivedState } {
  const prefix = new TokenPrefix(emptyBlockHash("m"), 0, [1, 2, number] as TokenId[]);
  const state = { data: new Float32Array(floats).fill(number) };
  return { key: prefix.digest, archived: archivedStateOf({ prefix, state }) };
}

const numberOfKey = new Map(Array.from({ length: 100 }, (_, number) => [stateOf(number).key, number]));

const storedInFolder = (folder: string): StoredStates =>
  storedIn(folder, {
    folder,
    model: { id: "m", stateBytes: 4 * floats, packedStateBytes: undefined },
    maxBytes: () => maxBytes,
  });

const uriOf = (document: number): string => `file:///${document}.ts`;

/** Keeps saving new states for each document, until the process is killed. */
async function writeUntilKilled(folder: string): Promise<void> {
  const stored = storedInFolder(folder);
  for (let round = 0; ; round++) {
    for (let document = 0; document < documents; document++) {
      const states = Array.from({ length: 6 }, (_, i) => stateOf(((process.pid + round) * 7 + document * 3 + i) % 100));
      stored.save(uriOf(document), {
        places: states.map(({ key }) => ({ offset: 3, textKey: key, stateKey: key })),
        find: ({ stateKey }) => states.find(({ key }) => key === stateKey)?.archived,
        onSaved: () => undefined,
      });
    }
    await stored.flush(60_000);
  }
}

/** Asserts that each stored state matches its key. @returns how many states were found. */
async function check(folder: string): Promise<number> {
  const stored = storedInFolder(folder);
  let found = 0;
  for (let document = 0; document < documents; document++) {
    for (const { stateKey } of await stored.placesOf(uriOf(document))) {
      const read = await stored.read(stateKey);
      if (read === undefined) continue; // a writer has deleted it in the meantime
      found++;
      const number = numberOfKey.get(stateKey)!;
      assert.ok(read.state.data.length === floats && read.state.data.every((one) => one === number));
    }
  }
  return found;
}

function bytesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).reduce((sum, name) => {
    const file = path.join(folder, name);
    return sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  }, 0);
}

/** The folder to write into, if this file was started as a writing process. */
const writing = process.env["RWKV_CODE_STATE_WRITER"];

function startWriter(folder: string): ChildProcess {
  const env = { ...process.env, RWKV_CODE_STATE_WRITER: folder, NODE_TEST_CONTEXT: undefined };
  return spawn(process.execPath, [__filename], { env, stdio: ["ignore", "ignore", "inherit"] });
}

if (writing !== undefined) void writeUntilKilled(writing);
else
  test(`${kills} kills of two processes that write into one folder: no wrong state is read, and the limit holds`, (t) =>
    inTemporaryFolder(async (parent) => {
      const folder = path.join(parent, "states");
      const random = randomFrom(seed);
      let found = 0;
      let largest = 0;
      for (let kill = 0; kill < kills; kill++) {
        const writers = [startWriter(folder), startWriter(folder)];
        const ended = writers.map((writer) => once(writer, "exit"));
        // When to kill depends on how often the folder has changed, not on time, so the speed of the machine does not
        // matter. A slow machine changes the folder often before a document is saved, so the loop also waits for
        // states.
        const changes = new Set<string>();
        const wanted = 1 + random.below(12);
        while (changes.size < wanted || (found <= kill && changes.size < maxChanges)) {
          changes.add(existsSync(folder) ? readdirSync(folder).sort().join() : "");
          found += await check(folder);
          largest = Math.max(largest, bytesIn(folder));
        }
        for (const writer of writers) writer.kill("SIGKILL");
        await Promise.all(ended);
        found += await check(folder);
      }
      assert.ok(found >= kills, `${found} states found`);
      assert.ok(largest <= maxBytes, `${largest} bytes`);
      t.diagnostic(`seed ${seed}: ${found} states read, at most ${largest} of ${maxBytes} bytes`);
    }));
