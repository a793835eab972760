import { dialogs } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { downloadInWindow } from "../../src/extension/models/downloadInWindow.js";
import { fileAt, url, withHub } from "../support/downloading.js";
import type { FakeAnswer, FakeHub } from "../support/fakeHub.js";
import { inTemporaryFolder } from "../support/temporary.js";

test("without a network the user sees which hosts were tried; it is logged, and no folder is left", () =>
  inTemporaryFolder(async (temporary) => {
    dialogs.reset();
    const folder = path.join(temporary, "downloads/small");
    const logged: string[] = [];
    const urls = ["https://nowhere.invalid/a.gguf", "https://neither.invalid/a.gguf"];
    const file = await downloadInWindow({
      title: "Small",
      files: { weights: { name: "a.gguf", urls, bytes: 10, sha256: "0".repeat(64) }, vocabulary: undefined },
      folder,
      tokenFor: async () => undefined,
      discard: async () => undefined,
      onFailure: (reason) => logged.push(reason),
    });
    assert.equal(file, undefined);
    const hosts = /nowhere\.invalid, neither\.invalid|neither\.invalid, nowhere\.invalid/;
    assert.match(logged.join("\n"), hosts);
    assert.match(dialogs.shown.at(-1)!, /^RWKV Code: There is no network connection to .*Nothing was downloaded\.$/);
    assert.match(dialogs.shown.at(-1)!, hosts);
    assert.ok(!existsSync(folder));
  }));

interface InWindow {
  readonly hub: FakeHub;
  readonly folder: string;
  readonly logged: string[];
  readonly discarded: string[];
  readonly start: () => Promise<string | undefined>;
}

/** Runs a test with a hub that has a model's weights, and a function that starts their download in a window. */
function inWindow(run: (given: InWindow) => Promise<void>): Promise<void> {
  return withHub(async (hub, temporary) => {
    dialogs.reset();
    const folder = path.join(temporary, "small");
    const [logged, discarded]: [string[], string[]] = [[], []];
    const weights = fileAt(url(hub));
    const start = (): Promise<string | undefined> =>
      downloadInWindow({
        title: "Small",
        files: { weights, vocabulary: undefined },
        folder,
        tokenFor: async () => undefined,
        discard: async () => void discarded.push(...readdirSync(folder)),
        onFailure: (reason) => logged.push(reason),
      });
    await run({ hub, folder, logged, discarded, start });
  });
}

/** After this response, the download is not retried. */
const refusal: FakeAnswer = { kind: "status", status: 407 };
const part: FakeAnswer = { kind: "cut", bytes: 300_000 };

test("a download is shown from nothing to all of it", () =>
  inWindow(async ({ folder, logged, start }) => {
    assert.equal(await start(), path.join(folder, "model.gguf"));
    assert.deepEqual([logged, dialogs.shown[0]], [[], "Downloading Small"]);
    assert.ok(dialogs.increments.every((increment) => increment >= 0));
    assert.equal(Math.round(dialogs.increments.reduce((sum, one) => sum + one, 0)), 100);
  }));

test("a download that failed before its first byte can only be tried again", () =>
  inWindow(async ({ hub, folder, logged, discarded, start }) => {
    hub.answers.push(refusal);
    dialogs.presses = ["Discard", "Continue"];
    assert.equal(await start(), undefined);
    assert.deepEqual([dialogs.presses, discarded, logged.length], [["Discard", "Continue"], [], 1]);
    hub.answers.push(refusal);
    dialogs.presses = ["Try Again"];
    assert.equal(await start(), path.join(folder, "model.gguf"));
  }));

test("a download that failed later can be continued or discarded; otherwise its part is kept", () =>
  inWindow(async ({ hub, folder, discarded, start }) => {
    hub.answers.push(part, refusal);
    dialogs.presses = ["Try Again"];
    assert.equal(await start(), undefined);
    assert.match(dialogs.shown.at(-1)!, /^RWKV Code: .* received so far are kept\.$/);
    assert.deepEqual([dialogs.presses, discarded], [["Try Again"], []]);
    hub.answers.push(refusal);
    dialogs.presses = ["Discard"];
    assert.equal(await start(), undefined);
    assert.ok(discarded.includes("model.gguf.part"), discarded.join());
    hub.answers.push(refusal);
    dialogs.presses = ["Continue"];
    assert.equal(await start(), path.join(folder, "model.gguf"));
    assert.match(hub.fetched.at(-1)!.headers.range ?? "", /^bytes=[1-9]/);
  }));

test("a cancelled download is no failure, and its part can be continued or discarded", () =>
  inWindow(async ({ hub, folder, logged, discarded, start }) => {
    hub.answers.push({ kind: "stall", bytes: 300_000 });
    dialogs.cancelsAt = / of /;
    dialogs.presses = ["Discard"];
    assert.equal(await start(), undefined);
    assert.match(
      dialogs.shown.at(-1)!,
      /^RWKV Code: The download of Small was stopped\. .* received so far are kept\.$/,
    );
    assert.ok(discarded.includes("model.gguf.part"), discarded.join());
    hub.answers.push({ kind: "stall", bytes: 400_000 });
    dialogs.presses = ["Continue"];
    dialogs.cancelsAt = / of /;
    assert.equal(await start(), path.join(folder, "model.gguf"));
    assert.deepEqual(logged, []);
  }));

test("a download that is cancelled before its first byte asks nothing", () =>
  inWindow(async ({ logged, start }) => {
    dialogs.cancelsAt = /connecting/;
    assert.equal(await start(), undefined);
    assert.ok(!dialogs.shown.some((message) => message.startsWith("RWKV Code: ")), dialogs.shown.join("\n"));
    assert.deepEqual(logged, []);
  }));

test("of two windows that download a model, one offers it and the other says so", () =>
  inWindow(async ({ hub, folder, start }) => {
    hub.chunkDelayMs = 20;
    const found = await Promise.all([start(), start()]);
    assert.deepEqual(
      found.filter((file) => file !== undefined),
      [path.join(folder, "model.gguf")],
    );
    assert.ok(dialogs.shown.includes("RWKV Code: Another window has downloaded Small and offers it there."));
  }));
