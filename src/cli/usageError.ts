/** The arguments do not match a command's usage. The exit code is 2. */
export class UsageError extends Error {}
