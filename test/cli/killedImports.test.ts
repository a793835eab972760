import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import test from "node:test";
import { describeModel } from "../../src/rwkv/describe.js";
import { smallTensors } from "../support/importing.js";
import { root } from "../support/paths.js";
import { pthFile } from "../support/pthFile.js";
import { randomFrom } from "../support/random.js";
import { inTemporaryFolder } from "../support/temporary.js";
import type { WrittenTensor } from "../support/tensorFile.js";

/** Number of kills. To change it, run `RWKV_CODE_KILLS=100 npm test -- cli`. */
const kills = Number(process.env["RWKV_CODE_KILLS"] ?? 10);
const [seed, layers] = [17, 40];

/**
 * The small model with its second block repeated many times. Importing it takes so long that a kill can hit any phase.
 */
function deep(): Record<string, WrittenTensor> {
  const small = Object.entries(smallTensors());
  const second = small.filter(([name]) => name.startsWith("blocks.1."));
  const more = Array.from({ length: layers - 3 }, (_, i) =>
    second.map(([name, tensor]) => [name.replace("blocks.1.", `blocks.${i + 3}.`), tensor] as const),
  );
  return Object.fromEntries([...small, ...more.flat()]);
}

/**
 * When to kill an import: `value` milliseconds after its start, or once the progress that it reports reaches `value`.
 */
interface Moment {
  readonly kind: "ms" | "fraction";
  readonly value: number;
}

/**
 * Starts an import, and kills its process with SIGKILL at the given moment unless it ended before.
 * @returns how long the process ran, in milliseconds
 */
async function importAndKill(source: string, made: string, moment: Moment): Promise<number> {
  const start = performance.now();
  const args = ["dist/cli.js", "import", source, "--out", made, "--quantize", "int8", "--json"];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const kill = (): void => {
    child.kill("SIGKILL");
  };
  const timer = moment.kind === "ms" ? setTimeout(kill, moment.value) : undefined;
  createInterface(child.stdout).on("line", (line) => {
    const { fraction = 0 } = JSON.parse(line) as { fraction?: number };
    if (moment.kind === "fraction" && fraction >= moment.value) kill();
  });
  await once(child, "close");
  clearTimeout(timer);
  return performance.now() - start;
}

test(`an import that is killed ${kills} times at random moments leaves nothing half-written and blocks no name`, (t) =>
  inTemporaryFolder(async (folder) => {
    const source = path.join(folder, "deep.pth");
    writeFileSync(source, pthFile(deep()));
    const made = path.join(folder, "made");
    const wholeMs = await importAndKill(source, made, { kind: "ms", value: 2 ** 30 });
    await describeModel(made, "sha256");
    await rm(made, { recursive: true });
    const random = randomFrom(seed);
    let whole = 0;
    for (let i = 0; i < kills; i++) {
      const share = random.below(1000) / 1000;
      const moment = i % 2 === 0 ? { kind: "fraction", value: share } : { kind: "ms", value: share * wholeMs };
      await importAndKill(source, made, moment as Moment);
      if (existsSync(made)) {
        whole++;
        await describeModel(made, "sha256"); // checks that the files have the hashes in model.json
        await rm(made, { recursive: true });
      }
      // Only a partial folder may be left: that of this import, or that of the previous one if the kill came before
      // this import had removed it.
      const left = readdirSync(folder).filter((name) => name !== "deep.pth");
      for (const name of left) assert.match(name, /^made\.\d+-1\.partial$/);
    }
    await importAndKill(source, made, { kind: "ms", value: 2 ** 30 });
    await describeModel(made, "sha256");
    assert.deepEqual(readdirSync(folder).sort(), ["deep.pth", "made"]);
    t.diagnostic(
      `seed ${seed}: ${kills} kills, ${whole} of them after the model was whole; one import takes ${wholeMs.toFixed()} ms`,
    );
  }));
