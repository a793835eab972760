import "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { Aborted, CommandLine } from "../../src/extension/models/commandLine.js";
import { inTemporaryFolder } from "../support/temporary.js";

/** Runs a test with a `CommandLine` whose program is `code` instead of dist/cli.js. */
async function withProgram(code: string, run: (commandLine: CommandLine) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "cli.cjs");
    writeFileSync(file, code);
    await run(new CommandLine(file));
  });
}

test("each line of a command's output is passed on, and it gets the arguments and nothing else", async () => {
  const code = `console.log(JSON.stringify([process.argv.slice(2), process.execArgv, process.env.ELECTRON_RUN_AS_NODE]));
    process.stdout.write("second");`;
  await withProgram(code, async (commandLine) => {
    const lines: string[] = [];
    await commandLine.run(["models", "--json"], { onLine: (line) => lines.push(line), onAbort: "kill" });
    assert.deepEqual(lines, ['[["models","--json"],[],"1"]', "second"]);
  });
});

test("a command that fails is an error with the last line that it wrote, or how it ended", async () => {
  const options = { onLine: () => undefined, onAbort: "kill" } as const;
  await withProgram(`console.error("a warning\\nrwkv-code: no such file"); process.exitCode = 1;`, async (program) => {
    await assert.rejects(program.run([], options), { message: "no such file" });
  });
  await withProgram("process.exitCode = 3;", async (program) => {
    await assert.rejects(program.run([], options), { message: "the command line ended with 3" });
  });
});

test("a command that is aborted by disconnecting it can clean up before the abort ends", async () => {
  const code = `console.log("writes"); process.on("disconnect", () => console.log("cleaned up"));`;
  await withProgram(code, async (commandLine) => {
    const lines: string[] = [];
    const abort = new AbortController();
    const onLine = (line: string): void => {
      lines.push(line);
      abort.abort();
    };
    await assert.rejects(commandLine.run([], { onLine, signal: abort.signal, onAbort: "disconnect" }), Aborted);
    assert.deepEqual(lines, ["writes", "cleaned up"]);
  });
});

test("a command that writes nothing is killed if it is aborted, even before it has started", async () => {
  await withProgram(
    `console.log("reads"); process.on("disconnect", () => undefined); setInterval(() => 0, 1000);`,
    async (commandLine) => {
      const abort = new AbortController();
      const onLine = (): void => {
        abort.abort();
      };
      for (let i = 0; i < 2; i++) {
        await assert.rejects(commandLine.run([], { onLine, signal: abort.signal, onAbort: "kill" }), Aborted);
      }
    },
  );
});

test("a program that is missing is an error", async () => {
  const nowhere = new CommandLine(path.join("nowhere", "cli.cjs"));
  await assert.rejects(nowhere.run([], { onLine: () => undefined, onAbort: "kill" }), Error);
});

test("a model is inspected with or without its hashes; no description is an error", async () => {
  await withProgram("console.log(JSON.stringify({ name: process.argv.slice(2) }));", async (commandLine) => {
    const named = async (checking: "hashes" | "nothing") => (await commandLine.inspect("/m", checking)).name;
    assert.deepEqual(await named("hashes"), ["inspect", "/m", "--json"]);
    assert.deepEqual(await named("nothing"), ["inspect", "/m", "--json", "--quick"]);
  });
  await withProgram("", async (commandLine) => {
    await assert.rejects(commandLine.inspect("/m", "nothing"), /inspect wrote nothing about \/m/);
  });
});
