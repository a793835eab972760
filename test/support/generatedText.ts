/**
 * TypeScript of `lineCount` lines, each ending with a newline. Functions are numbered, starting with `from`, so all
 * differ.
 */
export function typescript(lineCount: number, from: number): string {
  const lines: string[] = [];
  for (let i = from; lines.length < lineCount; i++) {
    lines.push(
      `export function compute${i}(first: number, second: number): number {`,
      `  const sum = first + second * ${i};`,
      `  if (sum > ${i * 7}) {`,
      `    return sum - ${i};`,
      "  }",
      "  return sum;",
      "}",
      "",
    );
  }
  return `${lines.slice(0, lineCount).join("\n")}\n`;
}
