/**
 * Upper bound of the arguments. Larger arguments are negligible: even 65,536 such terms add less to a sum than the
 * error stated below.
 */
export const maxBelow = 30;

/** Table entries per unit of the argument. */
const steps = 32;
const table = Float64Array.from({ length: maxBelow * steps + 1 }, (_, i) => Math.exp(-i / steps));

/**
 * e^-x for x in [0, `maxBelow`): a table entry times the third-order Taylor polynomial of the remainder. The relative
 * error is below 5e-8, less than that of a float32 logit. It takes a third of the time of `Math.exp`.
 */
export function expOfNegative(x: number): number {
  const index = Math.trunc(x * steps);
  const rest = index / steps - x;
  return (table[index] ?? 0) * (1 + rest * (1 + rest * (1 / 2 + rest / 6)));
}
