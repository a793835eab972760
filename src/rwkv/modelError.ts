/** Thrown if a model cannot be used. The message names the file, the problem and the fix. */
export class ModelError extends Error {
  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.name = "ModelError";
  }
}
