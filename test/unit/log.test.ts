import assert from "node:assert/strict";
import test from "node:test";
import type { LogOutputChannel } from "vscode";
import { inertLog, LastErrors } from "../../src/extension/log.js";

const hidden = "a\u202eb";
const visible = "a\\u{202e}b";

test("each message of the log is one line of visible characters, and errors are remembered", () => {
  const lines: unknown[] = [];
  const errors: string[] = [];
  const names = ["trace", "debug", "info", "warn", "error"] as const;
  const write =
    (name: string) =>
    (...args: readonly unknown[]) =>
      lines.push([name, ...args]);
  const channel = Object.fromEntries(names.map((name) => [name, write(name)]));
  const log = inertLog(channel as unknown as LogOutputChannel, (message) => errors.push(message));
  for (const name of names) log[name](`${hidden}\nc`, hidden, 7);
  assert.deepEqual(
    lines,
    names.map((name) => [name, `${visible}\\nc`, visible, "7"]),
  );
  assert.deepEqual(errors, [`${visible}\\nc ${visible} 7`]);
  lines.length = 0;
  log.error(new Error("gone"));
  assert.deepEqual([lines, errors.at(-1)], [[["error", "Error: gone"]], "Error: gone"]);
});

test("output of the server keeps its line breaks, and text that is not a message is the channel's own", () => {
  const lines: unknown[] = [];
  const write = (name: string) => (text: string) => lines.push([name, text]);
  const channel = { append: write("append"), appendLine: write("appendLine"), replace: write("replace"), show: write("show") }; // prettier-ignore
  const log = inertLog(channel as unknown as LogOutputChannel, () => assert.fail());
  const text = `${hidden}\r\nc\nd`;
  log.append(text);
  log.appendLine(text);
  log.replace(text);
  log.show();
  const kept = `${visible}\nc\nd`;
  assert.deepEqual(lines, [["append", kept], ["appendLine", kept], ["replace", kept], ["show", undefined]]); // prettier-ignore
});

test("the last ten errors are kept, with the time of each", () => {
  const errors = new LastErrors();
  for (let i = 1; i <= 10; i++) errors.add(`error ${i}`);
  assert.equal(errors.messages.length, 10);
  errors.add("error 11");
  const { messages } = errors;
  assert.deepEqual([messages.length, messages[0]!.slice(-7), messages[9]!.slice(-8)], [10, "error 2", "error 11"]);
  assert.ok(messages.every((message) => /^\d{4}-\d\d-\d\dT[\d:.]+Z error \d+$/.test(message)));
});
