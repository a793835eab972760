import { elementBytes, type Dtype } from "./dtypes.js";
import { downloadAgain } from "./fileRange.js";
import type { PickleValue } from "./pickle.js";
import type { MakeError } from "./pickleReader.js";

/** A tensor in PyTorch's pickles: a view of a storage. Offset and strides are in elements. */
export interface TorchTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly storage: TorchStorage;
}

export interface TorchStorage {
  /** The storage's bytes are the archive entry `data/<key>`. */
  readonly key: string;
  readonly elements: number;
}

const dtypes: ReadonlyMap<string, Dtype> = new Map([
  ["torch.BFloat16Storage", "BF16"],
  ["torch.HalfStorage", "F16"],
  ["torch.FloatStorage", "F32"],
]);
const otherStorages = ["Double", "Long", "Int", "Short", "Char", "Byte", "Bool"].map((type) => `torch.${type}Storage`);
const rebuildTensor = "torch._utils._rebuild_tensor_v2";
/** Functions that turn their first argument, a tensor, into a parameter; the second function also sets attributes. */
const rebuildParameters = ["torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state"];
/** Creates a tensor with attributes from (function, class, arguments of the function, attributes). */
const rebuildFromType = "torch._tensor._rebuild_from_type_v2";
const classes = ["torch.Tensor", "torch.nn.parameter.Parameter"];
const globals = new Set([
  "collections.OrderedDict",
  rebuildTensor,
  ...rebuildParameters,
  rebuildFromType,
  ...classes,
  ...dtypes.keys(),
  ...otherStorages,
]);
const maxDimensions = 8;

/** True for the globals that a weights file may name (docs/RWKV.md §10). */
export function isWeightsGlobal(name: string): boolean {
  return globals.has(name);
}

/**
 * The tensors of a state_dict, by name. Checks that each tensor is within its storage.
 * @throws the error that `makeError` creates.
 */
export function torchTensors(pickled: PickleValue, makeError: MakeError): Map<string, TorchTensor> {
  if (typeof pickled !== "object" || pickled.kind !== "dict") {
    throw makeError("does not hold a dict of tensors; save the weights with torch.save(model.state_dict(), FILE)");
  }
  const tensors = new Map<string, TorchTensor>();
  for (const [name, value] of pickled.entries) {
    if (typeof name !== "string") throw makeError("holds a tensor without a name; save only model.state_dict()");
    if (typeof value === "object" && value.kind === "dict") {
      const remedy = `save only those: torch.save(torch.load(FILE)["${name}"], NEW_FILE)`;
      throw makeError(`is a training checkpoint with a dict "${name}"; if that contains the weights, ${remedy}`);
    }
    if (tensors.has(name)) throw makeError(`holds ${name} twice; ${downloadAgain}`);
    tensors.set(
      name,
      tensorOf(value, (problem) => makeError(`its ${name} ${problem}`)),
    );
  }
  return tensors;
}

function tensorOf(value: PickleValue, makeError: MakeError): TorchTensor {
  if (typeof value !== "object" || value.kind !== "call") {
    throw makeError("is not a tensor, as in a training checkpoint; save only model.state_dict()");
  }
  const [storage, offset, size, stride] = argumentsOf(value, makeError);
  const shape = counts(size);
  const { dtype, ...plainStorage } = storageOf(storage, shape?.includes(0) === true, makeError);
  const strides = counts(stride);
  if (!isCount(offset) || shape === undefined || shape.length !== strides?.length) {
    throw makeError(`has an invalid offset, size or stride; ${downloadAgain}`);
  }
  if (shape.length > maxDimensions) throw makeError(`has ${shape.length} dimensions; ${downloadAgain}`);
  checkWithin(plainStorage.elements, { shape, strides, offset }, makeError);
  return { dtype, shape, strides, offset, storage: plainStorage };
}

type Call = Extract<PickleValue, { readonly kind: "call" }>;

/**
 * The arguments of the call that creates a tensor. That call may be nested in a call that makes the tensor a parameter.
 * Each of the two calls may also be nested in a call that sets attributes.
 */
function argumentsOf(call: Call, makeError: MakeError): readonly PickleValue[] {
  const plain = withoutAttributes(withoutParameter(withoutAttributes(call, makeError), makeError), makeError);
  if (plain.name === rebuildTensor) return plain.args;
  throw makeError(`is created by ${plain.name}, which does not create a tensor; ${downloadAgain}`);
}

function withoutParameter(call: Call, makeError: MakeError): Call {
  if (!rebuildParameters.includes(call.name)) return call;
  const [inner] = call.args;
  const isTensor = typeof inner === "object" && inner.kind === "call" && !rebuildParameters.includes(inner.name);
  if (isTensor) return inner;
  throw makeError(`is a parameter without a tensor; ${downloadAgain}`);
}

function withoutAttributes(call: Call, makeError: MakeError): Call {
  if (call.name !== rebuildFromType) return call;
  const [make, , args] = call.args;
  if (typeof make === "object" && make.kind === "global" && typeof args === "object" && args.kind === "tuple") {
    return { kind: "call", name: make.name, args: args.items };
  }
  throw makeError(`has attributes but no tensor; ${downloadAgain}`);
}

/**
 * Parses a storage's persistent id: ("storage", class, key, device, number of elements).
 * @param isEmpty true if the tensor has no elements. Any type is then accepted, because `withoutEmpty` drops the
 * tensor.
 */
function storageOf(
  value: PickleValue | undefined,
  isEmpty: boolean,
  makeError: MakeError,
): TorchStorage & { readonly dtype: Dtype } {
  const isReference = typeof value === "object" && value.kind === "persistent";
  const id = isReference && typeof value.id === "object" && value.id.kind === "tuple" ? value.id.items : [];
  const [tag, type, key, , elements] = id;
  if (tag !== "storage" || typeof type !== "object" || type.kind !== "global" || typeof key !== "string") {
    throw makeError(`has no storage; ${downloadAgain}`);
  }
  const dtype = dtypes.get(type.name) ?? (isEmpty ? "U8" : undefined);
  if (dtype === undefined) throw makeError(`is a ${type.name}; torch.float32, float16 and bfloat16 are supported`);
  if (!isCount(elements)) throw makeError(`has a storage without a size; ${downloadAgain}`);
  if (!Number.isSafeInteger(elements * elementBytes(dtype)))
    throw makeError(`has a storage of ${elements} elements; ${downloadAgain}`);
  return { dtype, key, elements };
}

type View = Pick<TorchTensor, "shape" | "strides" | "offset">;

function checkWithin(elements: number, view: View, makeError: MakeError): void {
  const count = elementCount(view.shape);
  if (count > elements) throw makeError(`has more elements than its storage, which has ${elements}; ${downloadAgain}`);
  if (count > 0 && !(view.offset + span(view) <= elements)) {
    throw makeError(`reaches past the end of its storage of ${elements} elements; ${downloadAgain}`);
  }
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The number of storage elements from a tensor's first element to its last. The tensor must not be empty. */
export function span({ shape, strides }: Pick<View, "shape" | "strides">): number {
  return shape.reduce((sum, length, i) => sum + (length - 1) * (strides[i] ?? 0), 1);
}

function counts(value: PickleValue | undefined): readonly number[] | undefined {
  if (typeof value !== "object" || value.kind !== "tuple") return undefined;
  return value.items.every(isCount) ? value.items : undefined;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
