#!/usr/bin/env node
// Takes the place of desktop VS Code's executable in @vscode/test-electron: runs VS Code's server and Chromium instead.
// Accepts the options that tests are started with, and exits with the tests' status.
import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { openBrowser } from "./browser.mjs";
import { runServerCommand, startWorkbench } from "./workbench.mjs";

const timeoutMs = 10 * 60_000;
const { options, open } = parse(process.argv.slice(2));
const data = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-vscode-"));
const one = (name) => options.get(name)?.at(-1);
const places = {
  data,
  user: one("user-data-dir") ?? path.join(data, "user"),
  extensions: one("extensions-dir") ?? path.join(data, "extensions"),
};
mkdirSync(places.extensions, { recursive: true });

if (options.has("install-extension")) {
  const status = runServerCommand(places, ["--install-extension", one("install-extension"), "--force"]);
  rmSync(data, { recursive: true, force: true });
  process.exit(status);
}
process.exit(await runTests());

async function runTests() {
  const log = path.join(data, "tests.log");
  closeSync(openSync(log, "w"));
  const workbench = await startWorkbench({ ...places, env: { VSCODE_TEST_LOG: log } });
  const show = follow(log);
  const showing = setInterval(show, 200);
  let browser;
  let isDone = false;
  try {
    const ended = new Promise((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => resolve(130));
      setTimeout(() => resolve(failure("the tests took longer than ten minutes")), timeoutMs).unref();
      workbench.exited.then(() => resolve(isDone ? 0 : failure("VS Code's server ended")));
      openBrowser(data).then(
        async (opened) => {
          browser = opened;
          const page = browser.pages()[0] ?? (await browser.newPage());
          page.on("crash", () => resolve(failure("the workbench crashed")));
          await page.exposeFunction("codeAutomationLog", () => undefined);
          await page.exposeFunction("codeAutomationExit", (status) => resolve(status));
          const development = options.get("extensionDevelopmentPath") ?? [];
          await page.goto(workbench.url({ open, development, tests: one("extensionTestsPath") }));
        },
        (error) => resolve(failure(error.message)),
      );
    });
    return await ended;
  } finally {
    isDone = true;
    clearInterval(showing);
    show();
    await browser?.close();
    await workbench.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

function failure(reason) {
  console.error(reason);
  return 1;
}

/** Returns a function that prints what was added to a file since its last call. */
function follow(file) {
  let at = 0;
  return () => {
    const handle = openSync(file, "r");
    const part = Buffer.alloc(2 ** 16);
    for (
      let read = readSync(handle, part, 0, part.length, at);
      read > 0;
      read = readSync(handle, part, 0, part.length, at)
    ) {
      process.stdout.write(part.subarray(0, read));
      at += read;
    }
    closeSync(handle);
  };
}

/** Parses `--name=value`, `--name value` for the names in `valued`, and paths of files and folders to open. */
function parse(args) {
  const valued = [
    "extensionDevelopmentPath",
    "extensionTestsPath",
    "user-data-dir",
    "extensions-dir",
    "install-extension",
  ];
  const options = new Map();
  const open = [];
  for (let i = 0; i < args.length; i++) {
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(args[i]) ?? [];
    if (name === undefined) {
      open.push(path.resolve(args[i]));
      continue;
    }
    const value = inline ?? (valued.includes(name) ? args[++i] : "");
    options.set(name, [...(options.get(name) ?? []), value]);
  }
  return { options, open };
}
