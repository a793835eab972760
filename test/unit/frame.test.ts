import assert from "node:assert/strict";
import test from "node:test";
import { Frame, framesInside, type FrameOptions } from "../../src/core/structure/frame.js";
import { grammarOf } from "../../src/core/structure/languages.js";

const grammar = grammarOf("a.sh");
const rule = { closer: '"', escape: "backslash", isMultiline: true, interpolation: "$(", innerQuotes: "" } as const;
const options: FrameOptions = { kind: "string", closer: '"', indent: 2, grammar, rule };
const root = new Frame({ kind: "root", closer: "", indent: 0, grammar });

test("equal frames in the same frame are the same object", () => {
  assert.equal(root.inner(options), root.inner({ ...options, rule: { ...rule } }));
  assert.notEqual(root.inner(options), new Frame({ kind: "root", closer: "", indent: 0, grammar }).inner(options));
});

for (const [what, difference] of [
  ["kind", { kind: "bracket" }],
  ["closer", { closer: "'" }],
  ["indentation", { indent: 3 }],
  ["grammar", { grammar: grammarOf("a.ts") }],
  ["escapes", { rule: { ...rule, escape: "none" } }],
  ["lines", { rule: { ...rule, isMultiline: false } }],
  ["interpolation", { rule: { ...rule, interpolation: "${" } }],
  ["quotes inside", { rule: { ...rule, innerQuotes: '"' } }],
] as const satisfies readonly (readonly [string, Partial<FrameOptions>])[]) {
  test(`frames that differ in their ${what} are not the same object`, () => {
    assert.notEqual(root.inner(options), root.inner({ ...options, ...difference }));
  });
}

test("frames are 1,000 deep at most", () => {
  let frame = root;
  for (let depth = 1; depth <= 1000; depth++) {
    frame = frame.inner(options);
    assert.equal(frame.depth, depth);
  }
  assert.equal(frame.inner(options), frame);
});

test("the frames inside a depth are listed from the innermost, without the root", () => {
  const outer = root.inner(options);
  const inner = outer.inner({ ...options, kind: "bracket" });
  assert.deepEqual(framesInside(inner, 0), [inner, outer]);
  assert.deepEqual(framesInside(inner, 1), [inner]);
  assert.deepEqual(framesInside(inner, 2), []);
  assert.deepEqual(framesInside(inner, -1), [inner, outer]);
});

test("a frame knows the nearest embedded code and the nearest heredoc that ends interpolations", () => {
  const script = root.inner({ kind: "embedded", closer: "</script>", indent: 0, grammar });
  const heredoc = script.inner({ ...options, rule: { ...rule, endsInterpolations: true } });
  const inner = heredoc.inner(options);
  assert.deepEqual(
    [root, script, inner].map(({ embedded }) => embedded),
    [undefined, script, script],
  );
  assert.deepEqual(
    [script, heredoc, inner].map((frame) => frame.heredoc),
    [undefined, heredoc, heredoc],
  );
});
