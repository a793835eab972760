/** Arithmetic of the plain references: double precision, slow, nothing clever. */
export type Vector = readonly number[];

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export function plus(a: Vector, b: Vector): Vector {
  return a.map((value, i) => value + b[i]!);
}

/** weight [out, in] times x [in]. */
export function times(weight: Vector, x: Vector): Vector {
  return Array.from({ length: weight.length / x.length }, (_, row) =>
    x.reduce((sum, value, column) => sum + value * weight[row * x.length + column]!, 0),
  );
}

/** x [in] times a matrix stored [in, out]. */
export function rowTimes(x: Vector, matrix: Vector): Vector {
  const out = matrix.length / x.length;
  return Array.from({ length: out }, (_, column) =>
    x.reduce((sum, value, row) => sum + value * matrix[row * out + column]!, 0),
  );
}

export function norm(x: Vector, weight: Vector, bias: Vector, epsilon = 1e-5): Vector {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return x.map((value, c) => ((value - mean) / Math.sqrt(variance + epsilon)) * weight[c]! + bias[c]!);
}

/** Tensors of a block by their names, each read once. */
export function cached(read: (name: string) => Vector): (name: string) => Vector {
  const known = new Map<string, Vector>();
  return (name) => {
    const values = known.get(name) ?? read(name);
    known.set(name, values);
    return values;
  };
}
