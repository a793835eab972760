const bytesOfDtypes = { F32: 4, F16: 2, BF16: 2, I8: 1, U8: 1 } as const;

/** The element types of weights. A U8 element contains two 4-bit values of a matrix. */
export type Dtype = keyof typeof bytesOfDtypes;

/** The types with one value per element. */
export type ValueDtype = Exclude<Dtype, "U8">;

export function isDtype(name: string): name is Dtype {
  return Object.hasOwn(bytesOfDtypes, name);
}

export function elementBytes(dtype: Dtype): number {
  return bytesOfDtypes[dtype];
}

/** bf16 counts as well, although it is not IEEE half precision. */
export function isHalfPrecision(dtype: Dtype): dtype is "F16" | "BF16" {
  return dtype === "F16" || dtype === "BF16";
}

/** Converts little-endian elements to fp32. The conversion is exact for all of these types. */
export function toFloats(bytes: Uint8Array<ArrayBuffer>, dtype: ValueDtype): Float32Array {
  const { buffer } = bytes;
  switch (dtype) {
    case "F32":
      return new Float32Array(buffer);
    case "I8":
      return Float32Array.from(new Int8Array(buffer));
    case "BF16":
      return bf16ToFloats(new Uint16Array(buffer));
    case "F16":
      return fp16ToFloats(new Uint16Array(buffer));
  }
}

/** True if no value is NaN or infinite. All exponent bits of such a value are set. */
export function areFinite(bytes: Uint8Array<ArrayBuffer>, dtype: Dtype): boolean {
  switch (dtype) {
    case "F32":
      return noneHasAll(new Uint32Array(bytes.buffer), 0x7f800000);
    case "BF16":
      return noneHasAll(new Uint16Array(bytes.buffer), 0x7f80);
    case "F16":
      return noneHasAll(new Uint16Array(bytes.buffer), 0x7c00);
    case "I8":
    case "U8":
      return true;
  }
}

function noneHasAll(elements: Uint16Array | Uint32Array, bits: number): boolean {
  // An index loop: `for … of` over the elements is much slower.
  for (let i = elements.length - 1; i >= 0; i--) if (((elements[i] ?? 0) & bits) === bits) return false;
  return true;
}

/** The 16 bits of a bf16 are the upper half of the fp32 with the same value. */
function bf16ToFloats(values: Uint16Array): Float32Array {
  const bits = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) bits[i] = (values[i] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}

/** Caches `fp16Table`. */
let fp16TableCache: Float32Array | undefined;

/** The values of all 65,536 fp16 numbers, indexed by their bits. A lookup is the fastest conversion. */
export function fp16Table(): Float32Array {
  fp16TableCache ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => fp16ToFloat(bits));
  return fp16TableCache;
}

function fp16ToFloats(bits: Uint16Array): Float32Array {
  const table = fp16Table();
  const floats = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) floats[i] = table[bits[i] ?? 0] ?? 0;
  return floats;
}

function fp16ToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
