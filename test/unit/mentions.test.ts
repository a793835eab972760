import assert from "node:assert/strict";
import test from "node:test";
import { mentionsIn } from "../../src/extension/chat/mentions.js";

const messages: Readonly<Record<string, readonly string[]>> = {
  "@file what is this?": ["file"],
  "Compare @src/util.py, and @src/a.ts.": ["src/util.py", "src/a.ts"],
  "(@README.md) @selection": ["README.md", "selection"],
  "@Override and @dataclass are decorators": [],
  "mail me: a@example.org": [],
  "`@src/a.ts` is code": [],
  "```py\n@app.route\ndef f(): pass\n```\nWhy? @src/a.ts": ["src/a.ts"],
  "```py\n@app.route": [],
};
for (const [message, expected] of Object.entries(messages)) {
  test(`mentions in ${JSON.stringify(message)}`, () => {
    const { words, paths } = mentionsIn(message);
    assert.deepEqual([...paths, ...words], expected);
  });
}
