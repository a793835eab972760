/** The folder of the stored states, in the one that a client offers for what is kept across restarts. */
export function storedStatesFolder(storagePath: string): string {
  return `${storagePath}/states`;
}
