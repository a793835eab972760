import { downloadAgain } from "./fileRange.js";
import { PickleReader, type MakeError } from "./pickleReader.js";

/** The content of a pickle as data. Functions that the pickle names are never called. */
export type PickleValue = number | boolean | string | PickleObject;

type PickleObject =
  | { readonly kind: "none" }
  | { readonly kind: "tuple"; readonly items: readonly PickleValue[] }
  | { readonly kind: "list"; readonly items: PickleValue[] }
  | { readonly kind: "dict"; readonly entries: (readonly [PickleValue, PickleValue])[] }
  | { readonly kind: "global"; readonly name: string }
  /** A call that the pickle requests; it is not executed. */
  | { readonly kind: "call"; readonly name: string; readonly args: readonly PickleValue[] }
  /** A reference to an object outside the pickle. */
  | { readonly kind: "persistent"; readonly id: PickleValue };

/** Pickles of the largest models have about 100,000 operations. */
const maxOperations = 2_000_000;
const maxMarks = 64;
const protocol = 2;
const saveAgain = "save the weights again with PyTorch's defaults: torch.save(model.state_dict(), FILE)";

/**
 * Reads a pickle of protocol 2 (docs/RWKV.md §10). Only the opcodes of weights files are supported. An operation
 * creates at most one value, so the limit for operations bounds time and memory.
 * @param isAllowed returns whether the pickle may name a global, given as `module.name`.
 * @throws the error that `makeError` creates.
 */
export function readPickle(
  bytes: Uint8Array,
  isAllowed: (global: string) => boolean,
  makeError: MakeError,
): PickleValue {
  const machine = new Machine(new PickleReader(bytes, makeError), isAllowed, makeError);
  for (let operations = 0; operations < maxOperations; operations++) {
    const opcode = machine.bytes.uint8();
    if (opcode === STOP) return machine.pop();
    machine.run(opcode);
  }
  throw makeError(`its pickle has more than ${maxOperations} operations, more than any model; ${downloadAgain}`);
}

const STOP = 0x2e;

/** Computes the value for each opcode that pushes one. The comments are the names of the opcodes in pickletools. */
const values: Readonly<Record<number, (machine: Machine) => PickleValue>> = {
  0x63: (machine) => machine.global(), // GLOBAL
  0x68: (machine) => machine.recall(machine.bytes.uint8()), // BINGET
  0x6a: (machine) => machine.recall(machine.bytes.uint32()), // LONG_BINGET
  0x29: () => ({ kind: "tuple", items: [] }), // EMPTY_TUPLE
  0x74: (machine) => ({ kind: "tuple", items: machine.popToMark() }), // TUPLE
  0x85: (machine) => ({ kind: "tuple", items: machine.popMany(1) }), // TUPLE1
  0x86: (machine) => ({ kind: "tuple", items: machine.popMany(2) }), // TUPLE2
  0x87: (machine) => ({ kind: "tuple", items: machine.popMany(3) }), // TUPLE3
  0x5d: () => ({ kind: "list", items: [] }), // EMPTY_LIST
  0x7d: () => ({ kind: "dict", entries: [] }), // EMPTY_DICT
  0x58: (machine) => machine.bytes.text(), // BINUNICODE
  0x4a: (machine) => machine.bytes.int32(), // BININT
  0x4b: (machine) => machine.bytes.uint8(), // BININT1
  0x4d: (machine) => machine.bytes.uint16(), // BININT2
  0x8a: (machine) => machine.bytes.long(), // LONG1
  0x47: (machine) => machine.bytes.float64(), // BINFLOAT
  0x88: () => true, // NEWTRUE
  0x89: () => false, // NEWFALSE
  0x4e: () => ({ kind: "none" }), // NONE
  0x51: (machine) => ({ kind: "persistent", id: machine.pop() }), // BINPERSID
  0x52: (machine) => machine.reduce(), // REDUCE
};

/** The pickle machine: a stack, marks into it, and a memo. */
class Machine {
  readonly bytes: PickleReader;
  readonly #isAllowed: (global: string) => boolean;
  readonly #makeError: MakeError;
  readonly #stack: PickleValue[] = [];
  /** Heights of the stack when MARK was run. Values below the last mark cannot be popped one by one. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();

  constructor(bytes: PickleReader, isAllowed: (global: string) => boolean, makeError: MakeError) {
    this.bytes = bytes;
    this.#isAllowed = isAllowed;
    this.#makeError = makeError;
  }

  run(opcode: number): void {
    const value = values[opcode];
    if (value !== undefined) {
      this.#stack.push(value(this));
      return;
    }
    switch (opcode) {
      case 0x80: // PROTO
        this.#checkProtocol(this.bytes.uint8());
        break;
      case 0x28: // MARK
        if (this.#marks.length === maxMarks) throw this.#makeError(`its pickle is nested too deeply; ${downloadAgain}`);
        this.#marks.push(this.#stack.length);
        break;
      case 0x71: // BINPUT
        this.#remember(this.bytes.uint8());
        break;
      case 0x72: // LONG_BINPUT
        this.#remember(this.bytes.uint32());
        break;
      case 0x61: // APPEND
        this.#append(this.popMany(1));
        break;
      case 0x65: // APPENDS
        this.#append(this.popToMark());
        break;
      case 0x73: // SETITEM
        this.#setItems(this.popMany(2));
        break;
      case 0x75: // SETITEMS
        this.#setItems(this.popToMark());
        break;
      case 0x62: // BUILD
        this.#build();
        break;
      default:
        throw this.#makeError(
          `its pickle holds the opcode 0x${opcode.toString(16)}, which weights files do not use; ${saveAgain}`,
        );
    }
  }

  pop(): PickleValue {
    const [value] = this.popMany(1);
    if (value === undefined) throw this.#emptyStack();
    return value;
  }

  popMany(count: number): PickleValue[] {
    const begin = this.#stack.length - count;
    if (begin < (this.#marks.at(-1) ?? 0)) throw this.#emptyStack();
    return this.#stack.splice(begin);
  }

  popToMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.#emptyStack();
    return this.#stack.splice(mark);
  }

  global(): PickleValue {
    const name = `${this.bytes.line()}.${this.bytes.line()}`;
    if (this.#isAllowed(name)) return { kind: "global", name };
    throw this.#makeError(
      `requests ${name}, which weights files do not need; it was not run, but do not trust this file`,
    );
  }

  recall(index: number): PickleValue {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.#makeError(`its pickle refers to a missing value; ${downloadAgain}`);
    return value;
  }

  reduce(): PickleValue {
    const [callee, args] = this.popMany(2);
    if (typeof callee !== "object" || callee.kind !== "global" || typeof args !== "object" || args.kind !== "tuple") {
      throw this.#makeError(`its pickle calls something that is not a function; ${downloadAgain}`);
    }
    if (callee.name !== "collections.OrderedDict") return { kind: "call", name: callee.name, args: args.items };
    if (args.items.length > 0) throw this.#makeError(`its pickle creates an OrderedDict from arguments; ${saveAgain}`);
    return { kind: "dict", entries: [] };
  }

  #checkProtocol(version: number): void {
    if (version !== protocol)
      throw this.#makeError(`its pickle has protocol ${version}, not ${protocol}; ${saveAgain}`);
  }

  #remember(index: number): void {
    if (index >= maxOperations) throw this.#makeError(`its pickle has the memo index ${index}; ${downloadAgain}`);
    this.#memo.set(index, this.#top());
  }

  #append(items: readonly PickleValue[]): void {
    const list = this.#top();
    if (typeof list !== "object" || list.kind !== "list")
      throw this.#makeError(`its pickle appends to something that is not a list; ${downloadAgain}`);
    for (const item of items) list.items.push(item);
  }

  #setItems(items: readonly PickleValue[]): void {
    const dict = this.#top();
    if (typeof dict !== "object" || dict.kind !== "dict" || items.length % 2 === 1) {
      throw this.#makeError(`its pickle sets items of something that is not a dict; ${downloadAgain}`);
    }
    for (let i = 0; i < items.length; i += 2) dict.entries.push([items[i] ?? "", items[i + 1] ?? ""]);
  }

  /** Discards the state that BUILD sets: the `_metadata` of a state_dict, which is not needed to read the tensors. */
  #build(): void {
    this.pop();
    const target = this.#top();
    if (typeof target !== "object" || target.kind !== "dict") {
      throw this.#makeError(`its pickle sets the state of something that is not a dict; ${saveAgain}`);
    }
  }

  #top(): PickleValue {
    const top = this.#stack.at(-1);
    if (top === undefined || this.#stack.length === (this.#marks.at(-1) ?? 0)) throw this.#emptyStack();
    return top;
  }

  #emptyStack(): Error {
    return this.#makeError(`its pickle pops from an empty stack; ${downloadAgain}`);
  }
}
