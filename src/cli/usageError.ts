/** The command line was not what a command takes: exit code 2. */
export class UsageError extends Error {}
