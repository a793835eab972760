import { readFileSync } from "node:fs";

/**
 * An esbuild plugin. onnxruntime-node looks for its binary in its own package. The plugin changes the path, so that a
 * bundle loads the copy in dist/onnxruntime instead.
 */
export const onnxruntimeBinary = {
  name: "onnxruntime-binary",
  setup(build) {
    build.onLoad({ filter: /onnxruntime-node[\\/]dist[\\/]binding\.js$/ }, (args) => {
      const source = readFileSync(args.path, "utf8");
      const path = "`../bin/napi-v6/${process.platform}/${process.arch}/onnxruntime_binding.node`";
      if (!source.includes(path))
        throw new Error(`${args.path}: the path of the binary has changed; adapt scripts/onnxruntimeBinary.mjs`);
      return { contents: source.replace(path, '"./onnxruntime/onnxruntime_binding.node"') };
    });
  },
};
