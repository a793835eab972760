/** The arguments do not match a command's usage: exit code 2. */
export class UsageError extends Error {}
