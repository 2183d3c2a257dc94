// Bundles the browser's modules: web/src/NAME.ts -> web/dist/NAME.js, each on its own, for the pages that load it.
// `node web/build.mjs` builds once, `--watch` goes on. Style sheets and fonts are served as they are.
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const web = dirname(fileURLToPath(import.meta.url));
const dist = join(web, "dist");
const entries = ["site", "room", "compare", "projector", "desk", "silence", "consultation", "matrix", "engine"].filter((name) => existsSync(join(web, "src", `${name}.ts`)));

const options = {
  entryPoints: entries.map((name) => join(web, "src", `${name}.ts`)),
  outdir: dist,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  sourcemap: "external",
  legalComments: "none",
  logLevel: "warning",
};

mkdirSync(dist, { recursive: true });
const kept = new Set(entries.flatMap((name) => [`${name}.js`, `${name}.js.map`]));
for (const old of readdirSync(dist)) if (!kept.has(old)) rmSync(join(dist, old), { recursive: true });

if (process.argv.includes("--watch")) {
  await (await esbuild.context(options)).watch();
} else if (entries.length > 0) {
  await esbuild.build(options);
}
