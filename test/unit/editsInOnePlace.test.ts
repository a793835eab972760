import assert from "node:assert/strict";
import test from "node:test";
import { backgroundReading } from "../support/backgroundReading.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testInference } from "../support/testInference.js";

const lines = Array.from({ length: 300 }, (_, i) => `const value${i} = compute(${i});\n`).join("");
const edits = 40;

test("however often a place is edited, the text below is read in few runs and has at most one state in 32 tokens", async () => {
  const model = new FakeModel({ remembersTokens: 300 });
  const inference = testInference(model);
  let pass = (): void => undefined;
  const { reader, idle } = backgroundReading(inference, {
    setTimer: (_, callback) => {
      pass = callback;
      return () => undefined;
    },
  });
  const session = openSession(inference, lines);
  const settle = async (): Promise<void> => {
    let done = idle();
    reader.edited(session);
    await done;
    done = idle();
    pass();
    await done;
  };
  await settle();
  const before = session.checkpoints.count;
  const runs: number[] = [];
  for (let edit = 0; edit < edits; edit++) {
    const first = model.runs.length;
    session.edit({ startLine: 20, endLine: 21, text: `${`x = ${edit}; `.repeat((edit % 7) + 1)}\n` });
    await settle();
    runs.push(model.runs.length - first);
  }
  assert.ok(session.checkpoints.count <= 2 * before, `${before} states, then ${session.checkpoints.count}`);
  assert.ok(Math.max(...runs) <= 12, `runs after each edit: ${runs.join()}`);
  inference.store.checkInvariants();
});
