import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { compiledCodeEnvironment } from "../../src/extension/compiledCode.js";
import { inTemporaryFolder } from "../support/temporary.js";

test("the folder of this version exists before Node.js is told of it, and those of other versions are deleted", () =>
  inTemporaryFolder((folder) => {
    const compiled = path.join(folder, "compiled");
    mkdirSync(path.join(compiled, "0.1.0", "v22"), { recursive: true });
    assert.deepEqual(compiledCodeEnvironment(compiled, "0.2.0", {}), {
      NODE_COMPILE_CACHE: path.join(compiled, "0.2.0"),
    });
    writeFileSync(path.join(compiled, "0.2.0", "code"), "");
    compiledCodeEnvironment(compiled, "0.2.0", {});
    assert.deepEqual(readdirSync(compiled), ["0.2.0"]);
    assert.deepEqual(readdirSync(path.join(compiled, "0.2.0")), ["code"]);
  }));

test("if the user has set a variable of the compile cache, it is left alone, and no folder is made", () =>
  inTemporaryFolder((folder) => {
    const compiled = path.join(folder, "compiled");
    for (const name of ["NODE_COMPILE_CACHE", "NODE_DISABLE_COMPILE_CACHE"]) {
      assert.deepEqual(compiledCodeEnvironment(compiled, "0.2.0", { [name]: "1" }), {});
    }
    assert.equal(existsSync(compiled), false);
  }));

test("a folder that cannot be made is not used", () =>
  inTemporaryFolder((folder) => {
    writeFileSync(path.join(folder, "file"), "");
    assert.deepEqual(compiledCodeEnvironment(path.join(folder, "file"), "0.2.0", {}), {});
  }));

const hasCache = "enableCompileCache" in process.getBuiltinModule("node:module");

test(
  "damaged compiled code is compiled again",
  { skip: !hasCache && "Node.js 22.1 or newer keeps compiled code" },
  () =>
    inTemporaryFolder((folder) => {
      const script = path.join(folder, "script.js");
      writeFileSync(script, `function sum(a, b) { return a + b; }\nconsole.log(sum(40, 2));\n`);
      const env = { ...process.env, ...compiledCodeEnvironment(path.join(folder, "compiled"), "0.2.0", {}) };
      const run = (): string => spawnSync(process.execPath, [script], { env, encoding: "utf8" }).stdout.trim();
      const codeIn = (at: string): string[] =>
        readdirSync(at, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => path.join(entry.parentPath, entry.name));
      assert.equal(run(), "42");
      const [file = ""] = codeIn(path.join(folder, "compiled"));
      const whole = readFileSync(file);
      truncateSync(file, whole.length - 10);
      assert.equal(run(), "42");
      writeFileSync(
        file,
        whole.map((byte, i) => (i > whole.length / 2 ? byte ^ 0x55 : byte)),
      );
      assert.equal(run(), "42");
    }),
);
