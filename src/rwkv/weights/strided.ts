export interface StridedView {
  readonly shape: readonly number[];
  /** In elements, not bytes. */
  readonly strides: readonly number[];
  readonly elementBytes: number;
}

/** Copies the elements of a view into row-major order. Returns `bytes` itself if it already is in that order. */
export function gather(bytes: Uint8Array<ArrayBuffer>, view: StridedView): Uint8Array<ArrayBuffer> {
  if (isContiguous(view)) return bytes;
  const from = elements(bytes, view.elementBytes);
  const count = view.shape.reduce((product, length) => product * length, 1);
  const into = elements(new Uint8Array(count * view.elementBytes), view.elementBytes);
  let at = 0;
  const copy = (dimension: number, offset: number): void => {
    const length = view.shape[dimension];
    if (length === undefined) {
      into[at++] = from[offset] ?? 0;
      return;
    }
    const stride = view.strides[dimension] ?? 0;
    for (let i = 0; i < length; i++) copy(dimension + 1, offset + i * stride);
  };
  copy(0, 0);
  return new Uint8Array(into.buffer);
}

/** True if the elements are in row-major order without gaps. The stride of a dimension of length 1 does not matter. */
function isContiguous({ shape, strides }: StridedView): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const length = shape[i] ?? 1;
    if (length !== 1 && strides[i] !== expected) return false;
    expected *= length;
  }
  return true;
}

type Elements = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

function elements(bytes: Uint8Array<ArrayBuffer>, size: number): Elements {
  if (size === 1) return bytes;
  return size === 4 ? new Uint32Array(bytes.buffer) : new Uint16Array(bytes.buffer);
}
