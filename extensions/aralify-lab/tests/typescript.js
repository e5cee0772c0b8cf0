// Takes the types away for Jest, by the esbuild that bundles the extension.

const { transformSync } = require("esbuild");

exports.process = (text, sourcefile) =>
  transformSync(text, { loader: "ts", format: "cjs", target: "es2022", sourcefile, sourcemap: "external" });
