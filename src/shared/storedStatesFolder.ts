/** The folder of the stored states. @param storagePath the folder that a client offers for data that is kept. */
export function storedStatesFolder(storagePath: string): string {
  return `${storagePath}/states`;
}
