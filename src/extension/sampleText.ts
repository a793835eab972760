/**
 * The code of the walkthrough's sample, the same in all languages, with the cursor as ¦. The two functions above make
 * the third one's check nearly certain, so that the embedded model completes it in one piece (test/lsp/sample.test.ts).
 */
const marked = `export function smallest(values: number[]): number {
  if (values.length === 0) {
    throw new RangeError("The list of values is empty");
  }
  return Math.min(...values);
}

export function largest(values: number[]): number {
  if (values.length === 0) {
    throw new RangeError("The list of values is empty");
  }
  return Math.max(...values);
}

export function average(values: number[]): number {
  if (values.length === 0) {
    ¦
  }
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
`;

export const sampleText = marked.replace("¦", "");

/** Offset in the sample at which the completion belongs, in UTF-16 code units. */
export const sampleOffset = marked.indexOf("¦");
