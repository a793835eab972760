import "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test from "node:test";
import { opensWalkthrough, type FirstStart } from "../../src/extension/firstWalkthrough.js";

const first: FirstStart = {
  installedAtMs: 1000,
  hostStartedAtMs: 2000,
  isSeen: false,
  isProduction: true,
  remoteName: undefined,
  opensWalkthroughs: true,
};

test("the walkthrough opens at the first start after an installation by the command line", () => {
  assert.equal(opensWalkthrough(first), true);
});

const others: readonly (readonly [string, Partial<FirstStart>])[] = [
  ["it opened before", { isSeen: true }],
  ["VS Code opens it itself, because the extension was installed from this window", { installedAtMs: 3000 }],
  ["the user wants no walkthroughs after installations", { opensWalkthroughs: false }],
  ["the window is remote", { remoteName: "ssh-remote" }],
  ["the extension is being developed or tested", { isProduction: false }],
];
for (const [why, changed] of others) {
  test(`the walkthrough does not open if ${why}`, () => {
    assert.equal(opensWalkthrough({ ...first, ...changed }), false);
  });
}
