import type { CountChange } from "../counts.js";

export interface PlottedDay {
  /** The text of the bar's tooltip. */
  readonly label: string;
  readonly shown: number;
  readonly accepted: number;
}

const [width, height, gap] = [560, 96, 4] as const;

/** The number of suggestions that were accepted, in full or in part. */
export function acceptedOf({ accepted = 0, partlyAccepted = 0 }: CountChange): number {
  return accepted + partlyAccepted;
}

/**
 * Draws two bars for each day: the number of suggestions shown and, in front of it, the number accepted. The page's
 * style sheet has the colors.
 * @param escaped makes text safe in HTML.
 */
export function usagePlot(days: readonly PlottedDay[], label: string, escaped: (text: string) => string): string {
  const most = Math.max(1, ...days.map(({ shown, accepted }) => Math.max(shown, accepted)));
  const step = width / Math.max(1, days.length);
  const bar = (kind: string, at: number, value: number): string => {
    const tall = value === 0 ? 0 : Math.max(1, (value / most) * height);
    const [x, y] = [(at * step + gap / 2).toFixed(1), (height - tall).toFixed(1)];
    return `<rect class="${kind}" x="${x}" y="${y}" width="${(step - gap).toFixed(1)}" height="${tall.toFixed(1)}"/>`;
  };
  const bars = days.map(
    ({ label: title, shown, accepted }, at) =>
      `<g><title>${escaped(title)}</title>${bar("shown", at, shown)}${bar("accepted", at, accepted)}</g>`,
  );
  return (
    `<svg role="img" aria-label="${escaped(label)}" viewBox="0 0 ${width} ${height + 1}" preserveAspectRatio="none">` +
    `${bars.join("")}<line x1="0" x2="${width}" y1="${height + 0.5}" y2="${height + 0.5}"/></svg>`
  );
}
