// Bundles the extension as JupyterLab loads one: a script that leaves a module federation container in
// `window._JUPYTERLAB`. Everything of JupyterLab's and React comes from the page, so that the bundle holds our code alone
// and the build needs one package.
//
// node build.mjs FOLDER TAKEN: writes into FOLDER; TAKEN is a JSON file with what stands for names in the TypeScript.

import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const [folder, taken] = process.argv.slice(2);
const here = import.meta.dirname;
const values = JSON.parse(readFileSync(taken, "utf8"));
const about = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

const built = await build({
  entryPoints: [join(here, "src", "index.ts")],
  bundle: true,
  write: false,
  metafile: true,
  minify: true,
  format: "cjs",
  target: "es2022",
  charset: "utf8",
  loader: { ".css": "text" },
  external: ["@jupyterlab/*", "@lumino/*", "react"],
  define: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)])),
  logLevel: "warning"
});
const [file] = Object.values(built.metafile.outputs);
const shared = [...new Set(file.imports.filter(one => one.external).map(one => one.path))].sort();

const container = `"use strict";
(() => {
  const shared = ${JSON.stringify(shared)};
  let scope = {};
  const provided = async name => {
    const versions = Object.values(scope[name] ?? {});
    const one = versions.find(version => version.loaded) ?? versions[0];
    if (!one) throw new Error("Aralify: this page does not provide " + name);
    return (await one.get())();
  };
  const run = (require, module, exports) => {
${built.outputFiles[0].text}
  };
  (window._JUPYTERLAB ??= {})[${JSON.stringify(about.name)}] = {
    init: given => { scope = given; },
    get: async () => {
      const modules = new Map(await Promise.all(shared.map(async name => [name, await provided(name)])));
      return () => {
        const module = { exports: {} };
        run(name => modules.get(name), module, module.exports);
        return module.exports;
      };
    }
  };
})();
`;

const hash = createHash("sha256").update(container).digest("hex").slice(0, 16);
const script = `static/remoteEntry.${hash}.js`;
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, "static"), { recursive: true });
writeFileSync(join(folder, script), container);
const schemas = join(folder, "schemas", about.name);
cpSync(join(here, "schema"), schemas, { recursive: true });
writeFileSync(join(schemas, "package.json.orig"), JSON.stringify({ name: about.name, version: about.version }));
const { name, version, description, license } = about;
const jupyterlab = { extension: true, schemaDir: "schema", _build: { load: script, extension: "./extension" } };
writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version, description, license, jupyterlab }, null, 2));
const install = { packageManager: "python", packageName: "aralify", uninstallInstructions: "pip uninstall aralify" };
writeFileSync(join(folder, "install.json"), JSON.stringify(install));
