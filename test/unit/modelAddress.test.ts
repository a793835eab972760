import assert from "node:assert/strict";
import test from "node:test";
import { DownloadError } from "../../src/hub/downloadError.js";
import { hubsFor } from "../../src/hub/hubs.js";
import { localName, modelAddress } from "../../src/hub/modelAddress.js";

const hubs = hubsFor("https://mirror.example", undefined);
const file = (url: string, name: string, repository?: string) => ({ kind: "file", url, name, repository });
const face = { kind: "huggingFace", endpoint: "https://huggingface.co" };
const scope = { kind: "modelScope", endpoint: "https://modelscope.cn" };

for (const [given, expected] of [
  ["owner/name", { kind: "repository", repository: "owner/name", hub: undefined }],
  [" owner/na.me-7B ", { kind: "repository", repository: "owner/na.me-7B", hub: undefined }],
  ["owner/name/a/model.gguf", { kind: "repositoryFile", repository: "owner/name", path: "a/model.gguf" }],
  ["https://huggingface.co/owner/name", { kind: "repository", repository: "owner/name", hub: face }],
  ["https://huggingface.co/owner/name/tree/main", { kind: "repository", repository: "owner/name", hub: face }],
  ["huggingface.co/owner/name", { kind: "repository", repository: "owner/name", hub: face }],
  ["https://www.modelscope.cn/models/owner/name/summary", { kind: "repository", repository: "owner/name", hub: scope }],
  ["https://mirror.example/owner/name", { kind: "repository", repository: "owner/name", hub: hubs[0] }],
  [
    "https://huggingface.co/owner/name/blob/main/a%20b.gguf",
    file("https://huggingface.co/owner/name/resolve/main/a%20b.gguf", "a b.gguf", "owner/name"),
  ],
  [
    "https://huggingface.co/owner/name/resolve/v2/m.pth?download=true",
    file("https://huggingface.co/owner/name/resolve/v2/m.pth", "m.pth", "owner/name"),
  ],
  [
    "https://huggingface.co/o/n/resolve/main/a/b/model.safetensors",
    file("https://huggingface.co/o/n/resolve/main/a/b/model.safetensors", "model.safetensors", "o/n"),
  ],
  [
    "https://modelscope.cn/models/o/n/file/view/master/m.gguf?status=2",
    file("https://modelscope.cn/models/o/n/resolve/master/m.gguf", "m.gguf", "o/n"),
  ],
  [
    "https://modelscope.cn/models/o/n/resolve/master/m.gguf",
    file("https://modelscope.cn/models/o/n/resolve/master/m.gguf", "m.gguf", "o/n"),
  ],
  ["https://example.com/files/m.gguf?token=1", file("https://example.com/files/m.gguf?token=1", "m.gguf")],
  ["http://127.0.0.1:8080/m.safetensors", file("http://127.0.0.1:8080/m.safetensors", "m.safetensors")],
] as const) {
  test(`${given} is understood`, () => {
    assert.deepEqual(modelAddress(given, hubs), expected);
  });
}

for (const [given, kind] of [
  ["", "notAnAddress"],
  ["model", "notAnAddress"],
  ["../../etc/passwd", "notAnAddress"],
  ["owner/name/../../x.gguf", "notAnAddress"],
  ["https://example.com/", "notAnAddress"],
  ["https://example.com/page.html", "notAnAddress"],
  ["http://example.com/m.gguf", "insecure"],
  ["http://localhost/m.gguf", "insecure"],
  ["http://127.0.0.1.example.com/m.gguf", "insecure"],
  ["https://huggingface.co/a/b%zz", "notAnAddress"],
  ["https://user:word@example.com/m.gguf", "notAnAddress"],
  ["file:///m.gguf", "notAnAddress"],
  ["command:rwkvCode.openChat", "notAnAddress"],
] as const) {
  test(`“${given}” is refused`, () => {
    assert.throws(
      () => modelAddress(given, hubs),
      (error) => error instanceof DownloadError && error.failure.kind === kind,
    );
  });
}

test("the name of a remote file is valid on every system", () => {
  assert.equal(localName("a/b/model v1.gguf"), "model v1.gguf");
  assert.equal(localName('..\\..\\a:b*"<>|?.gguf'), "_.._a_b______.gguf");
  assert.equal(localName("..."), "model");
  assert.equal(localName("x".repeat(500) + ".gguf").length, 180);
  const chinese = localName("模".repeat(150) + ".gguf");
  assert.ok(Buffer.byteLength(chinese) <= 180 && chinese.endsWith("模.gguf"), chinese);
  assert.equal(localName(`${"a".repeat(10)}.${"b".repeat(179)}`), "b".repeat(179));
  assert.equal(localName("con.gguf"), "_con.gguf");
});
