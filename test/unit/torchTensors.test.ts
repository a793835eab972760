import assert from "node:assert/strict";
import test from "node:test";
import type { PickleValue } from "../../src/rwkv/weights/pickle.js";
import { isWeightsGlobal, span, torchTensors, type TorchTensor } from "../../src/rwkv/weights/torchTensors.js";

const tuple = (...items: readonly PickleValue[]): PickleValue => ({ kind: "tuple", items });
const global = (name: string): PickleValue => ({ kind: "global", name });
const call = (name: string, ...args: readonly PickleValue[]): PickleValue => ({ kind: "call", name, args });
const none: PickleValue = { kind: "none" };
const dict = (...entries: readonly (readonly [PickleValue, PickleValue])[]): PickleValue => ({
  kind: "dict",
  entries: [...entries],
});

interface View {
  readonly tag?: PickleValue;
  readonly type?: PickleValue;
  readonly key?: PickleValue;
  readonly elements?: PickleValue;
  readonly offset?: PickleValue;
  readonly shape?: PickleValue;
  readonly strides?: PickleValue;
  readonly make?: string;
}

const make = "torch._utils._rebuild_tensor_v2";

/**
 * The pickled call that makes a tensor of 2 × 3 at offset 1 of a storage of 8 floats.
 * @param view replaces some of these values.
 */
function tensor(view: View = {}): PickleValue {
  const id = tuple(
    view.tag ?? "storage",
    view.type ?? global("torch.FloatStorage"),
    view.key ?? "7",
    "cpu",
    view.elements ?? 8,
  );
  const reference: PickleValue = { kind: "persistent", id };
  return call(
    view.make ?? make,
    reference,
    view.offset ?? 1,
    view.shape ?? tuple(2, 3),
    view.strides ?? tuple(3, 1),
    false,
  );
}

const read = (value: PickleValue): ReadonlyMap<string, TorchTensor> =>
  torchTensors(value, (problem) => new Error(problem));
const parameter = (inner: PickleValue): PickleValue => call("torch._utils._rebuild_parameter", inner, true, none);
const withAttributes = (...args: readonly PickleValue[]): PickleValue =>
  call("torch._tensor._rebuild_from_type_v2", ...args);
const argumentsOf = (value: PickleValue): PickleValue =>
  tuple(...(value as { readonly args: readonly PickleValue[] }).args);

const expected = { dtype: "F32", shape: [2, 3], strides: [3, 1], offset: 1, storage: { key: "7", elements: 8 } };
const forms: readonly (readonly [string, PickleValue, object])[] = [
  ["a plain tensor", tensor(), {}],
  ["a parameter", parameter(tensor()), {}],
  ["a parameter with state", call("torch._utils._rebuild_parameter_with_state", tensor(), true, none, none), {}],
  ["a tensor with attributes", withAttributes(global(make), global("torch.Tensor"), argumentsOf(tensor()), none), {}],
  ["a parameter with attributes of a tensor", parameter(withAttributes(global(make), none, argumentsOf(tensor()))), {}],
  ["attributes of a parameter", withAttributes(global("torch._utils._rebuild_parameter"), none, argumentsOf(parameter(tensor()))), {}],
  ["half precision", tensor({ type: global("torch.HalfStorage") }), { dtype: "F16" }],
  ["bfloat16", tensor({ type: global("torch.BFloat16Storage") }), { dtype: "BF16" }],
  ["a single number", tensor({ shape: tuple(), strides: tuple() }), { shape: [], strides: [] }],
  ["a tensor up to the end of its storage", tensor({ offset: 2 }), { offset: 2 }],
  ["a transposed tensor", tensor({ strides: tuple(1, 2) }), { strides: [1, 2] }],
  ["eight dimensions", tensor({ shape: tuple(...Array<number>(8).fill(1)), strides: tuple(...Array<number>(8).fill(9)) }), { shape: Array(8).fill(1), strides: Array(8).fill(9) }],
  ["no elements, wherever it would begin", tensor({ shape: tuple(0, 3), offset: 99 }), { shape: [0, 3], offset: 99 }],
  ["no elements of another type", tensor({ type: global("torch.LongStorage"), shape: tuple(0), strides: tuple(1), elements: 0 }), { dtype: "U8", shape: [0], strides: [1], storage: { key: "7", elements: 0 } }],
]; // prettier-ignore

for (const [what, value, change] of forms) {
  test(`${what} is read`, () => {
    assert.deepEqual([...read(dict(["a", value]))], [["a", { ...expected, ...change }]]);
  });
}

const invalid = /its a has an invalid offset, size or stride/;
const noStorage = /its a has no storage/;
const past = /its a reaches past the end of its storage of 8 elements/;
const refused: readonly (readonly [string, PickleValue, RegExp])[] = [
  ["a list", { kind: "list", items: [] }, /does not hold a dict of tensors/],
  ["a number", 5, /does not hold a dict of tensors/],
  ["a tensor without a name", dict([5, tensor()]), /holds a tensor without a name/],
  ["a dict of dicts", dict(["model", dict()]), /a training checkpoint with a dict "model"/],
  ["the same name twice", dict(["a", tensor()], ["a", tensor()]), /holds a twice/],
  ["a number among the tensors", dict(["a", 5]), /its a is not a tensor/],
  ["a tuple among the tensors", dict(["a", tuple()]), /its a is not a tensor/],
  ["another function's result", dict(["a", tensor({ make: "torch.Tensor" })]), /its a is created by torch\.Tensor, which does not/],
  ["a parameter of a parameter", dict(["a", parameter(parameter(tensor()))]), /its a is a parameter without a tensor/],
  ["a parameter of nothing", dict(["a", call("torch._utils._rebuild_parameter")]), /its a is a parameter without a tensor/],
  ["a parameter of a number", dict(["a", parameter(5)]), /its a is a parameter without a tensor/],
  ["a parameter of a tuple", dict(["a", parameter(tuple())]), /its a is a parameter without a tensor/],
  ["attributes of nothing", dict(["a", withAttributes()]), /its a has attributes but no tensor/],
  ["attributes of a call", dict(["a", withAttributes(tensor(), none, tuple())]), /its a has attributes but no tensor/],
  ["attributes without arguments", dict(["a", withAttributes(global(make), none, none)]), /its a has attributes but no tensor/],
  ["a storage that is no reference", dict(["a", call(make, 5, 0, tuple(1), tuple(1))]), noStorage],
  ["a reference to a number", dict(["a", call(make, { kind: "persistent", id: 5 }, 0, tuple(1), tuple(1))]), noStorage],
  ["a reference to something else", dict(["a", tensor({ tag: "module" })]), noStorage],
  ["a storage whose type is a text", dict(["a", tensor({ type: "torch.FloatStorage" })]), noStorage],
  ["a storage whose type is a tuple", dict(["a", tensor({ type: tuple() })]), noStorage],
  ["a storage whose key is a number", dict(["a", tensor({ key: 7 })]), noStorage],
  ["64-bit integers", dict(["a", tensor({ type: global("torch.LongStorage") })]), /its a is a torch\.LongStorage/],
  ["a storage of half an element", dict(["a", tensor({ elements: 8.5 })]), /its a has a storage without a size/],
  ["a storage of 2^51 elements, whose bytes are no exact number", dict(["a", tensor({ elements: 2 ** 51 })]), /its a has a storage of 2251799813685248 elements/],
  ["no offset", dict(["a", tensor({ offset: none })]), invalid],
  ["a negative offset", dict(["a", tensor({ offset: -1 })]), invalid],
  ["a size that is a number", dict(["a", tensor({ shape: 6 })]), invalid],
  ["a size of halves", dict(["a", tensor({ shape: tuple(2, 1.5) })]), invalid],
  ["a negative size", dict(["a", tensor({ shape: tuple(-2, -3) })]), invalid],
  ["no strides", dict(["a", tensor({ strides: none })]), invalid],
  ["a stride too few", dict(["a", tensor({ strides: tuple(3) })]), invalid],
  ["nine dimensions", dict(["a", tensor({ shape: tuple(...Array<number>(9).fill(1)), strides: tuple(...Array<number>(9).fill(1)) })]), /its a has 9 dimensions/],
  ["more elements than its storage", dict(["a", tensor({ shape: tuple(3, 3), strides: tuple(0, 0) })]), /its a has more elements than its storage, which has 8/],
  ["an offset one too large", dict(["a", tensor({ offset: 3 })]), past],
  ["a stride one too large", dict(["a", tensor({ strides: tuple(6, 1), offset: 0 })]), past],
]; // prettier-ignore

for (const [what, value, message] of refused) {
  test(`${what} is refused`, () => {
    assert.throws(() => read(value), message);
  });
}

test("the span is counted from the first element to the last", () => {
  const spans = ([[[], []], [[5], [1]], [[5], [2]], [[2, 3], [3, 1]], [[2, 3], [10, 2]]] as const).map(([shape, strides]) => span({ shape, strides })); // prettier-ignore
  assert.deepEqual(spans, [1, 5, 9, 6, 15]);
});

test("a file may name nothing but what tensors need", () => {
  const names = [
    "collections.OrderedDict",
    make,
    "torch.Tensor",
    "torch.HalfStorage",
    "torch.BoolStorage",
    "torch.load",
    "os.system",
  ];
  assert.deepEqual(names.map(isWeightsGlobal), [true, true, true, true, true, false, false]);
});
