/** The folder of the stored states. @param storagePath the folder that a client offers for data to keep. */
export function storedStatesFolder(storagePath: string): string {
  return `${storagePath}/states`;
}
