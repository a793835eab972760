import assert from "node:assert/strict";
import test from "node:test";
import { codeInReply, codeOf, indented } from "../../src/extension/instructions/codeInReply.js";

const answer = "Here it is:\n```ts\nconst a = 1;\n\nconst b = `x`;\n```\nThat is all.\n```ts\nno\n```";

test("from a partial reply, only code in the first fence is taken, and it only grows", () => {
  const whole = "const a = 1;\n\nconst b = `x`;";
  let last = "";
  for (let length = 0; length <= answer.length; length++) {
    const code = codeInReply(answer.slice(0, length));
    assert.ok(whole.startsWith(code), JSON.stringify(code));
    assert.ok(code.startsWith(last), JSON.stringify([last, code]));
    last = code;
  }
  assert.equal(codeInReply(answer), whole);
});

test("a reply without a fence is taken as code; a longer fence contains shorter ones", () => {
  assert.equal(codeOf("  return 1;\n"), "return 1;");
  assert.equal(codeOf("````md\n```\nx\n```\n````"), "```\nx\n```");
});

test("code is indented like the line it is inserted in, and blank lines stay blank", () => {
  assert.equal(indented("if (a) {\n  b();\n\n}", "    "), "if (a) {\n      b();\n\n    }");
});
