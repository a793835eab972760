/** An edit of a text that makes states stale. */
export interface KindOfEdit {
  readonly name: string;
  /** Makes the edit and returns the new lines. */
  readonly apply: (lines: readonly string[]) => string[];
  /** The line just below the changed ones; undefined if it depends on the text, or if the changes are all over it. */
  readonly end: number | undefined;
  readonly isAllOver: boolean;
}

const remark = (i: number): string => `// step ${i}: prepare the next value, then compare it`;

export const kindsOfEdit: readonly KindOfEdit[] = [
  {
    name: "a character in line 10",
    apply: (lines) => lines.with(10, `${lines[10] ?? ""}x`),
    end: 11,
    isAllOver: false,
  },
  {
    name: "20 new lines at line 10",
    apply: (lines) => lines.toSpliced(10, 0, ...numbered(20, remark)),
    end: 30,
    isAllOver: false,
  },
  { name: "lines 10 to 200 deleted", apply: (lines) => lines.toSpliced(10, 190), end: 11, isAllOver: false },
  {
    name: "400 lines pasted at 30 %",
    apply: (lines) => lines.toSpliced(Math.floor(lines.length * 0.3), 0, ...lines.slice(-400)),
    end: undefined,
    isAllOver: false,
  },
  {
    name: "a name changed everywhere",
    apply: (lines) => lines.map((line) => line.replaceAll(/\bnode\b|\bself\b|\bcontext\b/g, "subject")),
    end: undefined,
    isAllOver: true,
  },
  {
    name: "every 5th line indented",
    apply: (lines) => lines.map((line, i) => (i % 5 === 0 && line !== "" ? `  ${line}` : line)),
    end: undefined,
    isAllOver: true,
  },
  {
    name: "all lines indented",
    apply: (lines) => lines.map((line) => (line === "" ? line : `  ${line}`)),
    end: undefined,
    isAllOver: true,
  },
  {
    name: "all lines indented twice as far",
    apply: (lines) => lines.map((line) => line.replace(/^ +/, (blanks) => blanks + blanks)),
    end: undefined,
    isAllOver: true,
  },
  {
    name: "other quotes, no semicolons",
    apply: (lines) => lines.map((line) => line.replaceAll('"', "'").replace(/;$/, "")),
    end: undefined,
    isAllOver: true,
  },
  {
    name: "braces on lines of their own",
    apply: (lines) => lines.map((line) => line.replace(/^( *)(\S.*) \{$/, "$1$2\n$1{")).join("\n").split("\n"), // prettier-ignore
    end: undefined,
    isAllOver: true,
  },
  {
    name: "a name changed in 300 lines",
    apply: (lines) => {
      const step = Math.max(1, Math.floor(lines.length / 300));
      return lines.map((line, i) => (i % step === 3 ? line.replace(/\b[a-z]\w{2,}\b/, "$&Renamed") : line));
    },
    end: undefined,
    isAllOver: true,
  },
  {
    name: "2 % of the lines changed",
    apply: (lines) => lines.map((line, i) => (i % 50 === 7 ? `${line} // branch` : line)),
    end: undefined,
    isAllOver: true,
  },
];

function numbered(count: number, make: (i: number) => string): string[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
