import { git } from "../support/editorEvents.js";
import { fileUri } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test from "node:test";
import { gitRepository } from "../../src/extension/instructions/gitApi.js";

const [one, other] = ["/one", "/other"].map((name) => ({ rootUri: fileUri(name) }));

type Case = readonly [string, readonly object[] | undefined, unknown, object | undefined];
const cases: readonly Case[] = [
  ["no Git extension", undefined, { rootUri: fileUri("/one") }, undefined],
  ["no repository", [], undefined, undefined],
  ["the only one", [one!], undefined, one],
  ["the only one, whatever is given", [one!], { rootUri: fileUri("/else") }, one],
  ["two without a view", [one!, other!], undefined, undefined],
  ["two with null", [one!, other!], null, undefined],
  ["the view's", [one!, other!], { rootUri: fileUri("/other") }, other],
  ["a view of another folder", [one!, other!], { rootUri: fileUri("/else") }, undefined],
  ["a root that is no URI", [one!, other!], { rootUri: "file:///other" }, undefined],
];

for (const [what, repositories, given, expected] of cases) {
  test(`the repository of a commit message: ${what}`, async () => {
    git.api = repositories && { repositories };
    assert.equal(await gitRepository(given), expected);
  });
}
