/** A size to display, in powers of ten as in file managers and on hubs: 14 MB, 1.7 GB. */
export function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${Number((bytes / 1e6).toPrecision(3))} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
