/** Thrown if the arguments do not match a command's usage. The process then exits with code 2. */
export class UsageError extends Error {}
