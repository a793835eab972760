import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { detectDimensions } from "../../src/rwkv/architecture.js";
import { describeModel } from "../../src/rwkv/describe.js";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { openSafetensors } from "../../src/rwkv/weights/safetensors.js";
import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { fixtures, sharedPlace } from "../support/paths.js";
import {
  op,
  parameterWithAttributes,
  pickle,
  pthFile,
  stateDict,
  tensorWithAttributes,
  text,
  torchEntries,
  torchZip,
  tuple,
} from "../support/pthFile.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { floats, tensorsOf } from "../support/tensorFile.js";
import { zipFile } from "../support/zipFile.js";

/** Writes the bytes to a temporary file, opens it, and passes the source to `check`. */
async function opened(bytes: Uint8Array, check: (source: TensorSource) => void): Promise<void> {
  await inTemporaryFolder((folder) => {
    const file = path.join(folder, "model.pth");
    writeFileSync(file, bytes);
    check(openWeights(file));
  });
}

function assertSame(a: TensorSource, b: TensorSource): void {
  assert.deepEqual([...a.names].sort(), [...b.names].sort());
  for (const name of b.names) {
    assert.deepEqual([a.dtype(name), a.shape(name)], [b.dtype(name), b.shape(name)], name);
    assert.ok(Buffer.from(a.readBytes(name)).equals(b.readBytes(name)), name);
  }
}

for (const name of ["v4-small", "v7-small"]) {
  test(`${name} has the same tensors in a .pth file`, async () => {
    const safetensors = openSafetensors(path.join(fixtures, "rwkv", name, "model.safetensors"));
    await opened(pthFile(tensorsOf(safetensors)), (source) => {
      assertSame(source, safetensors);
      assert.deepEqual(detectDimensions(source), detectDimensions(safetensors));
    });
  });
}

for (const name of ["v4-small", "v7-small", "v7"]) {
  const folder = sharedPlace("fixtures/rwkv", name);
  test(`PyTorch's file of ${name} has the same tensors as its .safetensors`, { skip: folder.skip }, () => {
    assertSame(
      openWeights(path.join(folder.path, "model.pth")),
      openSafetensors(path.join(folder.path, "model.safetensors")),
    );
  });
}

const v4 = sharedPlace("fixtures/rwkv/v4-pth");
test("PyTorch's file of a trained RWKV-4 is described", { skip: v4.skip }, async () => {
  const { dimensions, dtypes } = await describeModel(path.join(v4.path, "model.pth"));
  assert.equal(dimensions.version, 4);
  assert.deepEqual(dtypes, { F32: 78 });
});

const six = floats([6], [0, 1, 2, 3, 4, 5]).bytes;
const view = { key: "0", elements: 6 };

test("tensors may share a storage, with offsets and strides", async () => {
  const pickle = stateDict({
    whole: { ...view, shape: [2, 3] },
    tail: { ...view, shape: [2], offset: 4 },
    transposed: { ...view, shape: [3, 2], strides: [1, 3] },
    second: { ...view, shape: [3], strides: [2], offset: 1 },
    single: { ...view, shape: [1, 3], strides: [99, 1] },
    scalar: { ...view, shape: [], offset: 5 },
    empty: { ...view, shape: [0, 3] },
    parameter: { ...view, shape: [2], isParameter: true },
  });
  await opened(torchZip(pickle, [six]), (source) => {
    const values = Object.fromEntries(source.names.map((name) => [name, [...source.readFloats(name)]]));
    assert.deepEqual(values, {
      whole: [0, 1, 2, 3, 4, 5],
      tail: [4, 5],
      transposed: [0, 3, 1, 4, 2, 5],
      second: [1, 3, 5],
      single: [0, 1, 2],
      scalar: [5],
      parameter: [0, 1],
    });
  });
});

test("half-precision elements are gathered by strides too", async () => {
  const bytes = new Uint8Array(Uint16Array.from([0x3c00, 0x4000, 0x4200, 0x4400]).buffer);
  const pickle = stateDict({
    t: { key: "0", elements: 4, shape: [2, 2], strides: [1, 2], storage: "HalfStorage" },
    b: { key: "0", elements: 4, shape: [4], storage: "BFloat16Storage" },
  });
  await opened(torchZip(pickle, [bytes]), (source) => {
    assert.deepEqual([...source.readFloats("t")], [1, 3, 2, 4]);
    assert.deepEqual([...source.readFloats("b")], [0.0078125, 2, 32, 512]);
  });
});

test("ZIP64 records are read for entries, for the directory and for both", async () => {
  const entries = torchEntries(stateDict({ a: { ...view, shape: [6] } }), [six]);
  const wide = entries.map((entry) => ({ ...entry, isWide: true }));
  for (const bytes of [
    zipFile(wide),
    zipFile(entries, { isWide: true }),
    zipFile(wide, { isWide: true, comment: "a comment" }),
  ]) {
    await opened(bytes, (source) => {
      assert.deepEqual([...source.readFloats("a")], [0, 1, 2, 3, 4, 5]);
    });
  }
});

test("the format is detected from the first bytes, not from the name", async () => {
  await inTemporaryFolder((folder) => {
    const file = path.join(folder, "model.safetensors");
    writeFileSync(file, pthFile({ a: floats([2], [1, 2]) }));
    assert.deepEqual(openWeights(file).names, ["a"]);
  });
});

test("the byte order is read with whitespace around it", async () => {
  for (const order of ["little", "little\n", " little\r\n"]) {
    const entries = torchEntries(stateDict({ a: { ...view, shape: [6] } }), [six]).map((entry) => {
      return entry.name.endsWith("byteorder") ? { ...entry, bytes: Buffer.from(order) } : entry;
    });
    await opened(zipFile(entries), (source) => {
      assert.deepEqual([...source.readFloats("a")], [0, 1, 2, 3, 4, 5]);
    });
  }
});

test("a tensor or a parameter with attributes is read without them", async () => {
  const half = op("G\u003f\u00e0\0\0\0\0\0\0"); // 0.5
  for (const attribute of [text("a word"), half, op("N"), tuple(op("\u0088"), op("]"))]) {
    const values = [tensorWithAttributes, parameterWithAttributes].map((make) =>
      make({ ...view, shape: [2, 3] }, attribute),
    );
    const items = values.flatMap((value, i) => [text(`t${i}`), value]);
    await opened(torchZip(pickle(op("}("), ...items, op("u")), [six]), (source) => {
      assert.deepEqual(source.names, ["t0", "t1"]);
      for (const name of source.names) assert.deepEqual([...source.readFloats(name)], [0, 1, 2, 3, 4, 5]);
    });
  }
});
