// Prints figures about the order of the sources in the working directory: `npm run measure` (`-- --nouns` lists the names without a verb).
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

const files = ["bin", "lib", "packages"]
  .filter((root) => existsSync(root))
  .flatMap((root) => readdirSync(root, { recursive: true }).map((file) => join(root, file.replaceAll("\\", "/"))))
  .concat("index.ts")
  .filter((file) => /^(index|bin\/.*|lib\/.*|packages\/[^/]+\/lib\/.*)\.ts$/.test(file) && existsSync(file));
const texts = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));
const imports = new Map();
const functions = [];
for (const [file, text] of texts) visit(file, ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));

function visit(file, node) {
  const target =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
        ? node.arguments[0]
        : ts.isImportTypeNode(node)
          ? node.argument.literal
          : undefined;
  if (target?.text?.startsWith(".")) {
    const imported = normalize(join(dirname(file), target.text)).replace(/\.js$/, ".ts");
    imports.set(file, (imports.get(file) ?? new Set()).add(imported));
  }
  const isFunction =
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    (ts.isVariableDeclaration(node) && node.initializer !== undefined && ts.isArrowFunction(node.initializer));
  if (isFunction && node.name !== undefined && !ts.isComputedPropertyName(node.name)) functions.push(node.name.text);
  ts.forEachChild(node, (child) => visit(file, child));
}

const floors = [...rooms.slice(0, -1), "packages", rooms.at(-1), "index.ts"].map((floor) => [floor].flat());
const getRoom = (file) =>
  file.match(/^lib\/([^/]+)|^[^/]+/)[1] ?? (file.startsWith("bin/") ? "cli" : file.split("/")[0]);
const getFloor = (file) => floors.findIndex((floor) => floor.includes(getRoom(file)));
const isUpward = (from, to) =>
  getFloor(to) > getFloor(from) || (getFloor(to) === getFloor(from) && getRoom(to) !== getRoom(from));
const upward = [...imports].flatMap(([from, all]) =>
  [...all].filter((to) => isUpward(from, to)).map((to) => `${from} -> ${to}`),
);

/** Lists the groups of files that reach each other (Tarjan's strongly connected components). */
function listCircles() {
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

const folders = new Map();
for (const file of files) folders.set(dirname(file), [...(folders.get(dirname(file)) ?? []), file]);
const [largest, inLargest] = [...folders].sort(([, a], [, b]) => b.length - a.length)[0];
const countLines = (file) => texts.get(file).split("\n").length - 1;
const sumLines = (start) =>
  files.filter((file) => file.startsWith(start)).reduce((sum, file) => sum + countLines(file), 0);
const beginsWithVerb = (name) => verbs.has(/^#?_*([a-z]+|[A-Z]+[a-z]*)/.exec(name)?.[1]);
const withVerb = functions.filter(beginsWithVerb).length;
const long = files.filter((file) => countLines(file) > 300);
const circles = listCircles();

const rows = [
  ["circles of files", circles.length, circles.join("; ")],
  ["upward imports", upward.length, upward.join("; ")],
  ["files in the largest folder", inLargest.length, largest],
  ["files over 300 lines", long.length, long.join(" ")],
  ["lines in lib", sumLines("lib/"), `${files.filter((file) => file.startsWith("lib/")).length} files`],
  ["lines in packages", sumLines("packages/"), ""],
  [
    "functions that begin with a verb",
    `${((100 * withVerb) / functions.length).toFixed(1)} %`,
    `${withVerb} of ${functions.length}`,
  ],
];
for (const [name, figure, note] of rows)
  console.log(`${name.padEnd(34)}${String(figure).padStart(8)}  ${note}`.trimEnd());
if (process.argv.includes("--nouns"))
  console.log(
    functions
      .filter((name) => !beginsWithVerb(name))
      .sort()
      .join(" "),
  );
