/** Code that the walkthrough opens. It is the same in all display languages. */
export interface Sample {
  readonly text: string;
  /** Offset of the cursor in UTF-16 code units. */
  readonly offset: number;
}

/** Creates a sample from code in which ¦ marks the cursor. */
function sample(marked: string): Sample {
  return { text: marked.replace("¦", ""), offset: marked.indexOf("¦") };
}

/**
 * The first two functions make the check in the third one so predictable that the embedded model completes the whole
 * statement at once (test/lsp/sample.test.ts).
 */
export const completionSample = sample(`export function smallest(values: number[]): number {
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
`);

/** The embedded model writes the whole body of the last method, with the right names (test/lsp/sample.test.ts). */
export const generationSample = sample(`export class Box {
  width = 0;
  height = 0;
  weight = 0;
  depth = 0;

  setWidth(width: number): void {
    if (width < 0) {
      throw new RangeError("The width is negative");
    }
    this.width = width;
  }

  setHeight(height: number): void {
    if (height < 0) {
      throw new RangeError("The height is negative");
    }
    this.height = height;
  }

  setWeight(weight: number): void {
    if (weight < 0) {
      throw new RangeError("The weight is negative");
    }
    this.weight = weight;
  }

  setDepth(depth: number): void {
    ¦
  }
}
`);
