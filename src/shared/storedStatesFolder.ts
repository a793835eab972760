/** The folder of the stored states. @param storagePath the client's option of that name (`ClientOptions`). */
export function storedStatesFolder(storagePath: string): string {
  return `${storagePath}/states`;
}
