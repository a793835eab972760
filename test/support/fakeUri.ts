import path from "node:path";

/** A stand-in for `vscode.Uri`, with the members that the extension uses. */
export class FakeUri {
  readonly scheme: string;
  readonly path: string;

  constructor(path: string, scheme = "file") {
    this.path = path;
    this.scheme = scheme;
  }

  static file(name: string): FakeUri {
    return new FakeUri(name);
  }

  static parse(uri: string): FakeUri {
    const [scheme = "", name = ""] = uri.replace(/#.*/, "").split("://");
    return new FakeUri(name, scheme);
  }

  static joinPath(base: FakeUri, ...parts: readonly string[]): FakeUri {
    return new FakeUri(path.join(base.path, ...parts));
  }

  with({ path }: { readonly path: string }): FakeUri {
    return new FakeUri(path, this.scheme);
  }

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    return `${this.scheme}://${this.path}`;
  }
}
