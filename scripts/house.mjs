// Figures about the order of the sources below a folder: scripts/measure-house.mjs prints them, its spec judges the house by them.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import ts from "typescript";
import { rooms } from "../eslint.rooms.mjs";

/** First words of function names that are verbs, or ask a question as a verb does. */
const verbs = new Set(
  `abort accept acquire add advance advise answer append apply ask assemble assert attach attempt await begin blank block build call
  can change check choose classify clean clear clip close collect combine compare compile complete compute confirm connect continue count
  create decide declare decode delete deploy describe detect diagnose diff draw drive encode end enqueue enter escape estimate exchange
  exclude execute exit expand explain export extract fail fence fetch fill filter find finish fit follow format forward gather get group
  guard handle has hide identify import inject inspect install interrupt invoke is join judge keep kill learn leave list listen load
  locate make map mark match matches merge move name needs normalise observe open paint parse partition patch perform pin plan prepare
  preview print probe propose prove prune put quote race raise rank read reject rejudge record redact refill refresh refuse register
  release remove rename render repair replace report request require resolve restore resume return reveal round run sample save say scale
  seal select send separate serve set shield shorten should show sign skip sleep soften sort split stamp start stop store strip suggest
  sum summarise summarize supersede survey switch sync take throw to translate try uninstall unpack update validate verify wait walk wrap
  write`.split(/\s+/),
);

const shipped = /^(index|bin\/.*|lib\/.*|packages\/[^/]+\/lib\/.*)\.ts$/;

/**
 * `rows`: name, figure and note of each measure; `nouns`: the functions whose names begin with no verb. Circles are looked for in
 * tests and benchmarks too; all else is of what ships.
 */
export function measureHouse(root) {
  const files = ["bin", "lib", "packages", "test", "bench"]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, file.replaceAll("\\", "/"))),
    )
    .concat("index.ts")
    .filter((file) => file.endsWith(".ts") && existsSync(join(root, file)));
  const all = readSources(root, files);
  const functions = [...all.functions].flatMap(([file, names]) => (shipped.test(file) ? names : []));
  const nouns = functions.filter((name) => !beginsWithVerb(name));
  const circles = listCircles(all);
  const upward = listUpward(all.imports);
  const withVerb = functions.length - nouns.length;
  const share = [`${((100 * withVerb) / functions.length).toFixed(1)} %`, `${withVerb} of ${functions.length}`];
  const rows = [
    ["circles of files", circles.length, circles.join("; ")],
    ["upward imports", upward.length, upward.join("; ")],
    ...listSizes(all),
    ["functions that begin with a verb", ...share],
  ];
  return { rows, nouns };
}

function readSources(root, files) {
  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
  const imports = new Map();
  const functions = new Map(files.map((file) => [file, []]));
  for (const [file, text] of texts) {
    if (shipped.test(file))
      visit(file, ts.createSourceFile(file, text, ts.ScriptTarget.Latest), { imports, functions });
    else for (const { fileName } of ts.preProcessFile(text).importedFiles) addImport(file, fileName, imports);
  }
  return { files, texts, imports, functions };
}

function visit(file, node, found) {
  const target =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
        ? node.arguments[0]
        : ts.isImportTypeNode(node)
          ? node.argument.literal
          : undefined;
  if (target?.text !== undefined) addImport(file, target.text, found.imports);
  const isFunction =
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    (ts.isVariableDeclaration(node) && node.initializer !== undefined && ts.isArrowFunction(node.initializer));
  if (isFunction && node.name !== undefined && !ts.isComputedPropertyName(node.name))
    found.functions.get(file).push(node.name.text);
  ts.forEachChild(node, (child) => visit(file, child, found));
}

function addImport(file, target, imports) {
  if (!target.startsWith(".")) return;
  const imported = normalize(join(dirname(file), target)).replace(/\.js$/, ".ts");
  imports.set(file, (imports.get(file) ?? new Set()).add(imported));
}

function listUpward(imports) {
  const floors = [...rooms.slice(0, -1), "packages", rooms.at(-1), "index.ts"].map((floor) => [floor].flat());
  const getRoom = (file) =>
    file.match(/^lib\/([^/]+)|^[^/]+/)[1] ?? (file.startsWith("bin/") ? "cli" : file.split("/")[0]);
  const getFloor = (file) => floors.findIndex((floor) => floor.includes(getRoom(file)));
  const isUpward = (from, to) =>
    getFloor(to) > getFloor(from) || (getFloor(to) === getFloor(from) && getRoom(to) !== getRoom(from));
  return [...imports]
    .filter(([from]) => shipped.test(from))
    .flatMap(([from, all]) => [...all].filter((to) => isUpward(from, to)).map((to) => `${from} -> ${to}`));
}

/** Lists the groups of files that reach each other (Tarjan's strongly connected components). */
function listCircles({ files, texts, imports }) {
  const [order, low, stack, circles] = [new Map(), new Map(), [], []];
  const walk = (file) => {
    order.set(file, order.size);
    low.set(file, order.get(file));
    stack.push(file);
    for (const next of imports.get(file) ?? []) {
      if (!texts.has(next)) continue;
      if (!order.has(next)) walk(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file), low.get(next)));
    }
    if (low.get(file) !== order.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1) circles.push(group.join(" "));
  };
  for (const file of files) if (!order.has(file)) walk(file);
  return circles;
}

function listSizes({ files, texts }) {
  const sources = files.filter((file) => shipped.test(file));
  const folders = new Map();
  for (const file of sources) folders.set(dirname(file), [...(folders.get(dirname(file)) ?? []), file]);
  const [largest, inLargest] = [...folders].sort(([, a], [, b]) => b.length - a.length)[0];
  const countLines = (file) => texts.get(file).split("\n").length - 1;
  const sumLines = (start) =>
    sources.filter((file) => file.startsWith(start)).reduce((sum, file) => sum + countLines(file), 0);
  const long = sources.filter((file) => countLines(file) > 300);
  return [
    ["files in the largest folder", inLargest.length, largest],
    ["files over 300 lines", long.length, long.join(" ")],
    ["lines in lib", sumLines("lib/"), `${sources.filter((file) => file.startsWith("lib/")).length} files`],
    ["lines in packages", sumLines("packages/"), ""],
  ];
}

function beginsWithVerb(name) {
  return verbs.has(/^#?_*([a-z]+|[A-Z]+[a-z]*)/.exec(name)?.[1]);
}
