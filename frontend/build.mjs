// Builds the scripts, styles and icons of the web side into its static folder.
// Nothing here fetches anything: `npm ci` has laid the packages beside this file.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = join(here, "..", "src", "touchstone_web", "static", "touchstone");
const iconFolder = join(here, "node_modules", "@tabler", "icons", "icons", "outline");

const namesIn = (text) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));

function symbolOf(name) {
  const drawing = readFileSync(join(iconFolder, `${name}.svg`), "utf8");
  const lines = drawing.replace(/^[\s\S]*?<svg[\s\S]*?>/, "").replace(/<\/svg>\s*$/, "");
  const visible = lines.replace(/<path stroke="none"[^>]*>/g, "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${visible}</symbol>`;
}

function writeIcons() {
  const names = namesIn(readFileSync(join(source, "icons.txt"), "utf8"));
  const symbols = names.map(symbolOf).join("\n");
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols}\n</svg>\n`;
  writeFileSync(join(target, "icons.svg"), sprite);
}

// The licences of all packages that went into the built files, in one text beside them.
function writeLicences(paths) {
  const packagePath = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//;
  const names = new Set(paths.map((path) => path.match(packagePath)?.[1]).filter(Boolean));
  const texts = [...names].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const words = file ? readFileSync(join(folder, file), "utf8").trim() : `Licence: ${license}`;
    return `${name} ${version}\n\n${words}\n`;
  });
  writeFileSync(join(target, "LICENSES.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const inputs = [];
for (const entries of [{ app: "src/app.js", chart: "src/chart.js" }, { app: "src/app.css" }]) {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: entries,
    outdir: target,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2022", "chrome111", "firefox113", "safari16.4"],
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
  });
  inputs.push(...Object.keys(metafile.inputs));
}
writeIcons();
writeLicences([...inputs, "node_modules/@tabler/icons/icons.json"]);
copyFileSync(join(source, "favicon.svg"), join(target, "favicon.svg"));
for (const name of readdirSync(target).sort()) {
  const bytes = readFileSync(join(target, name));
  // The server hands out the compressed file to every browser that takes it.
  const compressed = gzipSync(bytes, { level: 9 });
  writeFileSync(join(target, `${name}.gz`), compressed);
  const kilobytes = (count) => `${(count / 1024).toFixed(0).padStart(5)} kB`;
  console.log(`${kilobytes(bytes.length)}, ${kilobytes(compressed.length)} compressed  ${name}`);
}
