/** The folder of the stored states, in the one that a client offers for data that is kept across restarts. */
export function storedStatesFolder(storagePath: string): string {
  return `${storagePath}/states`;
}
