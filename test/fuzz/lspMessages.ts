import type { randomFrom } from "../support/random.js";

type Random = ReturnType<typeof randomFrom>;

/** A mark that many texts in the messages contain. It must not appear in any log. */
export const userText = "qz7TextOfTheUser";

/** A message to the server: a request, which gets an id, or a body, which is sent unchanged. */
export type Hostile =
  | { readonly kind: "request"; readonly method: string; readonly params: unknown; readonly isCancelled: boolean }
  | { readonly kind: "body"; readonly body: string };

/**
 * Makes a valid message, a message with one wrong value, or a body that is no message; sometimes many messages at once.
 */
export function hostileMessages(random: Random): Hostile[] {
  const dice = random.below(100);
  if (dice < 30) return [notification(random, false)];
  if (dice < 50) return [request(random, false)];
  if (dice < 65) return [notification(random, true)];
  if (dice < 80) return [request(random, true)];
  if (dice < 90) return [{ kind: "body", body: noMessage(random) }];
  if (dice < 95) return flood(random);
  return Array.from({ length: 10 }, () => request(random, false));
}

const uris = ["a.ts", "b.py", "c.md", ".env", "d%0Ae.ts", "__proto__"].map((name) => `file:///p/${name}`);
const otherUris = [
  "",
  "__proto__",
  "constructor",
  "untitled:x",
  "file://server/x",
  "%",
  `file:///${"x/".repeat(3000)}`,
];
const pieces = [
  "\r\n",
  "\n",
  "\r",
  "é",
  "😀",
  "\ud800",
  "\u0000",
  "\u0003",
  "\t",
  "  ",
  "function ",
  "{",
  "}",
  userText,
];

function uri(random: Random): string {
  return random.below(10) > 0 ? random.pick(uris) : random.pick(otherUris);
}

function text(random: Random): string {
  return Array.from({ length: random.below(40) }, () => random.pick(pieces)).join("");
}

function position(random: Random): unknown {
  const number = (): number => random.pick([0, 0, 1, 2, 5, 100, 2 ** 31 - 1]);
  return { line: number(), character: number() };
}

function change(random: Random): unknown {
  if (random.below(4) === 0) return { text: text(random) };
  return { range: { start: position(random), end: position(random) }, text: text(random) };
}

type Made = readonly [method: string, params: unknown];

function notification(random: Random, isMutated: boolean): Hostile {
  const at = { uri: uri(random) };
  const languageId = random.pick(["typescript", "python", "markdown", "__proto__", "toString"]);
  const version = random.pick([1, 2, 3, -1, 2 ** 31]);
  const settings = random.pick<unknown>([
    { rwkvCode: { exclude: [random.pick(["**/a.ts", "*a*a*a*a*b", "[", "{a", "x".repeat(66_000)])] } },
    {
      rwkvCode: {
        maxLines: random.pick([-1, 0, 3, 1e9, "x"]),
        confidence: random.pick(["always", "eager", "__proto__"]),
      },
    },
    { enable: { [random.pick(["typescript", "*", "__proto__"])]: random.below(2) === 0 } },
    { rwkvCode: { checkpointMemoryMB: random.pick([16, 32]) } },
    { rwkvCode: null },
    [],
    null,
    {},
  ]);
  const open: Made = ["textDocument/didOpen", { textDocument: { ...at, languageId, version, text: text(random) } }];
  const made = random.pick<Made>([
    open,
    open,
    [
      "textDocument/didChange",
      {
        textDocument: { ...at, version },
        contentChanges: Array.from({ length: random.below(40) }, () => change(random)),
      },
    ],
    ["textDocument/didChange", { textDocument: { ...at, version }, contentChanges: [change(random)] }],
    ["textDocument/didClose", { textDocument: at }],
    ["textDocument/didFocus", { textDocument: at }],
    ["textDocument/didSave", { textDocument: at, text: text(random) }],
    ["$/cancelRequest", { id: random.pick<unknown>([1, "1", 10 ** 9, random.below(1000)]) }],
    ["$/setTrace", { value: random.pick(["off", "messages", userText]) }],
    ["$/progress", { token: "x", value: { kind: userText } }],
    ["window/workDoneProgress/cancel", { token: userText }],
    random.below(3) > 0 ? open : (["workspace/didChangeConfiguration", { settings }] as const),
    [
      "workspace/didChangeWorkspaceFolders",
      { event: { added: [{ uri: uri(random), name: "x" }], removed: [{ uri: uri(random), name: "x" }] } },
    ],
  ]);
  const [method, params] = isMutated ? wrong(made, random) : made;
  return { kind: "body", body: JSON.stringify({ jsonrpc: "2.0", method, params }) };
}

function request(random: Random, isMutated: boolean): Hostile {
  const at = { textDocument: { uri: uri(random) }, position: position(random) };
  const selectedCompletionInfo = {
    range: { start: position(random), end: position(random) },
    text: text(random),
  };
  const inline: Made = [
    "textDocument/inlineCompletion",
    {
      ...at,
      context: { triggerKind: random.pick([0, 1, 2, 2, 2, 9]), ...random.pick([{}, {}, { selectedCompletionInfo }]) },
    },
  ];
  const partialResultToken = random.pick<string | number>(["t", 1, "__proto__"]);
  const made = random.pick<Made>([
    inline,
    inline,
    inline,
    inline,
    ["textDocument/completion", at],
    ["rwkv/alternatives", at],
    ["rwkv/generate", { ...at, maxLines: random.pick([0, 1, -1, 2]), indentUnit: "  ", partialResultToken }],
    ["rwkv/countTokens", { texts: [text(random)] }],
    ["rwkv/statistics", undefined],
    ["rwkv/model", undefined],
    ["initialize", { capabilities: {}, initializationOptions: { exclude: [userText] } }],
    ["textDocument/hover", at],
    [random.pick(["", "__proto__", "constructor", "$/x", userText]), { text: text(random) }],
    ["workspace/executeCommand", { command: userText }],
  ]);
  const [method, params] = isMutated ? wrong(made, random) : made;
  const isLong = method === "rwkv/alternatives" || method === "rwkv/generate";
  return { kind: "request", method, params, isCancelled: isLong || random.below(4) === 0 };
}

/** Many requests for the same position. Most of them are cancelled. */
function flood(random: Random): Hostile[] {
  const at = { textDocument: { uri: random.pick(uris) }, position: position(random) };
  const context = { triggerKind: random.pick([1, 2]) };
  return Array.from({ length: 30 }, () => ({
    kind: "request" as const,
    method: "textDocument/inlineCompletion",
    params: { ...at, context },
    isCancelled: random.below(3) > 0,
  }));
}

/** A copy of a message in which one value is replaced or removed. */
function wrong([method, params]: Made, random: Random): Made {
  if (random.below(8) === 0) return [method, hostileValue(random)];
  return [method, replaced(params, random)];
}

function replaced(value: unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null || random.below(4) === 0) return hostileValue(random);
  if (Array.isArray(value)) {
    const at = random.below(value.length);
    return value.map((one: unknown, i) => (i === at ? replaced(one, random) : one));
  }
  const entries = Object.entries(value);
  const at = random.below(entries.length);
  const changed = entries.map(([name, one], i): [string, unknown] => [name, i === at ? replaced(one, random) : one]);
  return Object.fromEntries(random.below(4) === 0 ? changed.filter((_, i) => i !== at) : changed);
}

function hostileValue(random: Random): unknown {
  return random.pick<unknown>([
    null,
    true,
    0,
    -1,
    0.5,
    1e308,
    2 ** 31,
    2 ** 53,
    "",
    userText,
    "x".repeat(10_000),
    [],
    {},
    [[[]]],
    JSON.parse(`{"__proto__": {"uri": "${userText}"}, "constructor": 1, "toString": null}`),
    { length: 1e9 },
    Array.from({ length: 1000 }, () => userText),
  ]);
}

function noMessage(random: Random): string {
  const whole = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "rwkv/statistics", params: { text: userText } });
  return random.pick([
    "",
    " ",
    "null",
    "5",
    "[]",
    `["${userText}"]`,
    userText,
    whole.slice(0, random.below(whole.length)),
    `${"[".repeat(5000)}${"]".repeat(5000)}`,
    "[".repeat(100_000),
    `{"id":1,"result":{"text":"${userText}"}}`,
    `{"id":null,"error":{"code":1,"message":"${userText}"}}`,
    `{"id":"x","error":"${userText}"}`,
    `{"id":{"${userText}":1},"method":"rwkv/statistics"}`,
    `{"method":{"${userText}":1}}`,
    `{"id":5,"text":"${userText}"}`,
    `{"__proto__":{"method":"exit"}}`,
    `{"method":"textDocument/didOpen","params":["${userText}"]}`,
    `{"method":"$/cancelRequest","params":{"id":{"${userText}":1}}}`,
    `{"method":"$/cancelRequest"}`,
  ]);
}
