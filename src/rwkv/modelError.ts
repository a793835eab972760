/** A model cannot be used: the message names the file and the remedy. */
export class ModelError extends Error {
  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.name = "ModelError";
  }
}
