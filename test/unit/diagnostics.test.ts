import assert from "node:assert/strict";
import { homedir, userInfo } from "node:os";
import path from "node:path";
import test from "node:test";
import { clipboard, dialogs, settings, statusBarItem } from "../support/vscodeStandIn.js";
import type * as vscode from "vscode";
import { copyDiagnostics } from "../../src/extension/copyDiagnostics.js";
import { withoutPaths } from "../../src/extension/diagnostics.js";
import { LastErrors } from "../../src/extension/log.js";
import { nothingText } from "../../src/extension/nothingText.js";
import { RequestOutcomes } from "../../src/extension/requestOutcomes.js";
import { StatusItem } from "../../src/extension/statusItem.js";
import { nothingReasons, type NothingShown } from "../../src/shared/nothingShown.js";
import type { ServerStatistics } from "../../src/shared/protocol.js";

const belowThreshold: NothingShown = { reason: "belowThreshold", correctness: 0.4899, threshold: 0.65 };

function outcomesOf() {
  const traced: string[] = [];
  let changes = 0;
  const outcomes = new RequestOutcomes({
    onNothing: (nothing) => traced.push(nothing.reason),
    onChange: () => changes++,
  });
  return { outcomes, traced, changes: () => changes };
}

test("each reason has its own text", () => {
  const texts = nothingReasons.map((reason) => nothingText({ reason }));
  assert.equal(new Set(texts).size, nothingReasons.length);
  assert.equal(nothingText(belowThreshold), "48% likely to be right, 65% needed");
  assert.equal(nothingText({ reason: "belowThreshold", correctness: 0.6499, threshold: 0.65 }), "64% likely to be right, 65% needed"); // prettier-ignore
});

const uri = "file:///a.ts";

test("the counts of the server and of the requests that were not sent are added up, the most frequent first", () => {
  const { outcomes, traced } = outcomesOf();
  for (const reason of ["loading", "excluded", "excluded"] as const) outcomes.notSent(uri, reason);
  outcomes.nothing(uri, belowThreshold);
  assert.deepEqual(outcomes.counts({ belowThreshold: 9, excluded: 3 }), [
    ["belowThreshold", 9],
    ["excluded", 5],
    ["loading", 1],
  ]);
  assert.deepEqual(traced, ["loading", "excluded", "excluded", "belowThreshold"]);
});

test("the status item says why the last request showed nothing, until one shows something", () => {
  const { outcomes, changes } = outcomesOf();
  const item = new StatusItem("menu");
  const tooltip = (absence?: "languageOff"): string => {
    const status = { kind: "ready", model: "m", modelPath: "", engine: "e", chat: "none", tokensPerSecond: 1 } as const;
    item.show(status, absence, outcomes.lastIn(uri), "markdown");
    return statusBarItem.tooltip;
  };
  const before = tooltip();
  outcomes.nothing(uri, belowThreshold);
  outcomes.nothing(uri, belowThreshold);
  assert.equal(changes(), 1);
  assert.equal(tooltip(), `${before}\nLast request: nothing shown, 48% likely to be right, 65% needed`);
  outcomes.notSent(uri, "languageOff");
  // If a request is not sent because completions are off, the tooltip keeps the previous request's reason.
  assert.match(tooltip("languageOff"), /off for markdown\.\nLast request: nothing shown, 48%/);
  outcomes.shown(uri);
  assert.equal(tooltip(), before);
});

test("the reason is that of the document's own last request, as long as the document is open", () => {
  const { outcomes } = outcomesOf();
  const other = "file:///b.md";
  outcomes.nothing(uri, belowThreshold);
  outcomes.notSent(other, "tooLarge");
  assert.deepEqual([outcomes.lastIn(uri), outcomes.lastIn(other)], [belowThreshold, { reason: "tooLarge" }]);
  assert.deepEqual(outcomes.last, { reason: "tooLarge" });
  outcomes.shown(other);
  assert.deepEqual(
    [outcomes.lastIn(uri), outcomes.lastIn(other), outcomes.last],
    [belowThreshold, undefined, undefined],
  );
  outcomes.closed(uri);
  assert.equal(outcomes.lastIn(uri), undefined);
});

test("diagnostics have what a report needs, and no data of the user", async () => {
  const { outcomes } = outcomesOf();
  outcomes.nothing(uri, belowThreshold);
  const errors = new LastErrors();
  for (let i = 0; i < 12; i++) errors.add(`${path.join(homedir(), "secret", "models", "a.pth")}: error ${i}`);
  settings.set("rwkvCode.confidence", "eager");
  settings.set("rwkvCode.model", "/home/someone/models/mine");
  settings.set("rwkvCode.chatSystemPrompt", "my own words");
  settings.set("rwkvCode.enable", { python: false, "*": true, "my own words": false, go: "my own words" });
  settings.set("rwkvCode.delayMs", null); // not set by the user
  const string = { type: "string" };
  const properties = {
    "rwkvCode.confidence": { type: "string", enum: ["eager"] },
    "rwkvCode.model": string,
    "rwkvCode.chatSystemPrompt": string,
    "rwkvCode.enable": { type: "object" },
    "rwkvCode.delayMs": { type: "integer" },
  };
  const packageJSON = { version: "1.2.3", contributes: { configuration: [{ properties }] } };
  const statistics = {
    model: "mine",
    engine: "our own",
    latencyMs: { p50: 3.2, p95: 11.7 },
    nothingShown: { belowThreshold: 2 },
  } as ServerStatistics; // only these members are used
  dialogs.reset();
  await copyDiagnostics({
    extension: { extension: { packageJSON } } as unknown as vscode.ExtensionContext, // only these members are used
    client: {
      status: { kind: "failed", reason: "/data/x/model.json: damaged" },
      statistics: async () => statistics,
      documents: { ineligibility: () => "languageOff" },
    },
    document: { languageId: "python", lineCount: 12 } as vscode.TextDocument, // only these members are used
    outcomes,
    errors: errors.messages,
  });
  settings.clear();
  const { text } = clipboard;
  assert.match(text, /RWKV Code: 1\.2\.3\nVS Code: 1\.0\.0\nPlatform: \w+ \w+, Node v/);
  assert.match(text, /Processors: \d+\nMemory: [\d.]+ GB\nWorkspace: folders: 0, trusted\n/);
  assert.match(text, /\nDocument: python, lines: 12, no completions: languageOff\n/);
  assert.match(
    text,
    /Status: failed: …\/model\.json: damaged\nModel: mine\nEngine: our own\nResponse time: median 3 ms, 95% within 12 ms\n/,
  );
  assert.match(text, /Last request: nothing shown, 48% likely/);
  assert.match(
    text,
    /- rwkvCode\.confidence: "eager"\n- rwkvCode\.model: set\n- rwkvCode\.chatSystemPrompt: set\n- rwkvCode\.enable: \{"python":false,"\*":true\}\n\n/,
  );
  assert.match(text, /- belowThreshold: 2\n/);
  assert.equal(text.match(/…\/a\.pth: error \d+/g)?.length, 10);
  for (const own of [homedir() + path.sep, "secret", "someone", "my own words"]) assert.ok(!text.includes(own), own);
  assert.equal(dialogs.shown.length, 1);
});

test("paths and the user's name are removed from an error", () => {
  const user = { home: "/home/jane doe", user: "janedoe" };
  const texts = {
    "/home/jane doe/models/a.pth: not a model": "…/a.pth: not a model",
    "C:\\Users\\janedoe\\models\\a.pth is missing": "…/a.pth is missing",
    "see file:///srv/projects/secret/a.ts (12)": "see …/a.ts (12)",
    "/srv/My Project/secret client/file.ts: a folder": "…/file.ts: a folder",
    "D:\\Kunden Daten\\AcmeCorp\\x.ts": "…/x.ts",
    "cannot rename /a/b c/d.ts to /e/f.ts": "cannot rename …/d.ts to …/f.ts",
    "/home/o'brien/x (1)/a.pth: not a model: of 3/4": "…/a.pth: not a model: of 3/4",
    "ModelError: /data/x y/m.json: damaged": "ModelError: …/m.json: damaged",
    "ENOENT: no such file, open '/data/o'brien/x y.pth'": "ENOENT: no such file, open '…/x y.pth'",
    "https://user:token@hub.corp/x?sig=SECRET gave 403": "… gave 403",
    "read 3/4 of a/b": "read 3/4 of a/b",
    "nobody is named janedoe": "nobody is named ~",
  };
  for (const [text, expected] of Object.entries(texts)) assert.equal(withoutPaths(text, user), expected);
  assert.ok(!withoutPaths(`${homedir()}/x/y`).includes(userInfo().homedir + "/"));
});
