import { git } from "../support/editorEvents.js";
import { fileUri } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test from "node:test";
import { gitRepository } from "../../src/extension/instructions/gitApi.js";

const [one, other] = ["/one", "/other"].map((name) => ({ rootUri: fileUri(name) }));

type Case = readonly [string, readonly object[] | undefined, unknown, object | undefined];
const cases: readonly Case[] = [
  ["none without the Git extension", undefined, { rootUri: fileUri("/one") }, undefined],
  ["none if there are no repositories", [], undefined, undefined],
  ["the only one", [one!], undefined, one],
  ["the only one, whatever view is given", [one!], { rootUri: fileUri("/else") }, one],
  ["none of two without a view", [one!, other!], undefined, undefined],
  ["none of two if the view is null", [one!, other!], null, undefined],
  ["that of the view", [one!, other!], { rootUri: fileUri("/other") }, other],
  ["none of two if the view is of another folder", [one!, other!], { rootUri: fileUri("/else") }, undefined],
  ["none of two if the view's root is no URI", [one!, other!], { rootUri: "file:///other" }, undefined],
];

for (const [what, repositories, given, expected] of cases) {
  test(`the repository of a commit message: ${what}`, async () => {
    git.api = repositories && { repositories };
    assert.equal(await gitRepository(given), expected);
  });
}
