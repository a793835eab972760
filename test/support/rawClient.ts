import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { MessageClient } from "./messageClient.js";
import { root } from "./paths.js";

/** A client that starts the command line's language server in a child process. */
export class RawClient extends MessageClient {
  readonly child: ChildProcess;
  stderr = "";
  readonly exited: Promise<number | NodeJS.Signals | null>;

  constructor(args: readonly string[] = ["serve", "--stdio"], environment: NodeJS.ProcessEnv = {}) {
    super();
    this.child = spawn(process.execPath, [path.join(root, "dist/cli.js"), ...args], {
      stdio: "pipe",
      env: { ...process.env, ...environment },
    });
    this.child.stderr?.on("data", (data: Buffer) => (this.stderr += data.toString()));
    this.child.stdout?.on("data", (data: Buffer) => {
      this.read(data);
    });
    this.child.stdin?.on("error", () => undefined); // ignores writes after the server exited
    this.exited = new Promise((resolve) => {
      this.child.once("exit", (code, signal) => {
        resolve(code ?? signal);
        this.look();
      });
    });
  }

  get isGone(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  bytes(data: string | Uint8Array): void {
    this.child.stdin?.write(data);
  }

  async shutDown(): Promise<number | NodeJS.Signals | null> {
    await this.request("shutdown");
    this.notify("exit");
    return this.exited;
  }
}
