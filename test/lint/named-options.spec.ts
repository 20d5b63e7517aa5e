import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mock } from "node:test";
import { Command } from "@commander-js/extra-typings";
import ts from "typescript";
import { listActs } from "../../lib/acts/registry.js";
import { main } from "../../lib/cli/main.js";

const root = join(__dirname, "../..");

/** Holds a script for a shell, and no message. */
const script = "lib/gates/mongo-replica-set/probe/probe-script.ts";

const naming = /(?<![\w-])--[a-z]/;

/** Options of other programs that messages and help name, by the program. */
const foreignOptions: Record<string, readonly string[]> = {
  pulumi: ["file", "path", "secret", "show-urns"],
  helm: ["all-namespaces", "namespace", "pending", "revision"],
  kubectl: ["namespace", "selector"],
  mongod: ["replSet"],
  mongosh: ["eval", "quiet"],
  npm: ["no-save"],
};

type Options = ReadonlyMap<string, ReadonlySet<string>>;

/** Each command's options by its name (`matrix import`), as the command line has them. */
async function readOptions(): Promise<Options> {
  const options = new Map<string, ReadonlySet<string>>();
  const add = (command: Command, name: string): void => {
    const longs = command.options.flatMap(({ long }) => (long == null ? [] : [long.slice(2)]));
    options.set(name, new Set([...longs, "help"]));
    for (const each of command.commands) add(each as Command, `${name} ${each.name()}`.trim());
  };
  const parse = mock.method(Command.prototype, "parseAsync", function (this: Command) {
    add(this, "");
    return Promise.resolve(this);
  });
  try {
    assert.equal(await main(["node", "palette-upgrade", "gate"]), 0);
  } finally {
    parse.mock.restore();
  }
  return options;
}

/** What is wrong with the options that a text names; empty where each is an option of the program it is named for. */
function findUnknownOptions(text: string, options: Options): string[] {
  const all = new Set([...options.values()].flatMap((names) => [...names]));
  // A command ends with the quote, parenthesis, clause or sentence that it stands in.
  const words =
    /palette-upgrade((?: [a-z][a-z-]*)*)|\b(pulumi|helm|kubectl|mongod|mongosh|npm)\b|(?<![\w-])--([a-z][\w-]*)(?: ([a-z-]+)=)?|["`);]|\.(?!\S)/g;
  let program: string | null = null;
  let named: ReadonlySet<string> = all;
  return [...text.matchAll(words)].flatMap(([, command, other, option, value]) => {
    if (option === undefined) {
      program = other ?? null;
      named = (command === undefined ? undefined : findCommand(command.trim().split(" "), options)) ?? all;
      return [];
    }
    if (program !== null && foreignOptions[program]!.includes(option)) return [];
    if (!named.has(option)) return [`--${option}`];
    const ofActs = listActs().flatMap((act) => act.options.map(({ name }) => name));
    return option === "option" && value !== undefined && !ofActs.includes(value) ? [`--option ${value}=`] : [];
  });
}

/** The options of the longest command that the words begin with. */
function findCommand(words: readonly string[], options: Options): ReadonlySet<string> | undefined {
  for (let length = words.length; length > 0; length -= 1) {
    const found = options.get(words.slice(0, length).join(" "));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The texts for people of a source file that names options: literals of several words, with "…" for what is put in. */
function listTexts(file: string): string[] {
  const texts: string[] = [];
  const source = readFileSync(file, "utf8");
  if (!naming.test(source)) return texts;
  const visit = (node: ts.Node): void => {
    const text = readText(node);
    if (text === null) return ts.forEachChild(node, visit);
    if (/\s/.test(text)) texts.push(text);
    // What is put into a template may hold texts of its own.
    ts.forEachChild(node, (child) => {
      if (readText(child) === null) visit(child);
    });
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, false));
  return texts;
}

function readText(node: ts.Node): string | null {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("");
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return null;
  const [left, right] = [readText(node.left), readText(node.right)];
  return left === null && right === null ? null : `${left ?? "…"}${right ?? "…"}`;
}

function listFiles(folder: string, ending: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name) && !name.includes("node_modules"))
    .map((name) => join(root, folder, name));
}

describe("options that are named", () => {
  let options: Options;
  before(async () => (options = await readOptions()));

  it("in a message of the tool are options of the command line, or of the other program they are named for", () => {
    const files = ["lib", "packages/rehearsal/lib"].flatMap((folder) => listFiles(folder, /\.ts$/));
    const texts = files.flatMap((file) => listTexts(file).map((text) => ({ file: file.slice(root.length + 1), text })));
    const found = texts.filter(({ file, text }) => file !== script && naming.test(text));
    assert.ok(found.length > 100, `${found.length} texts name options: the scan must see them`);
    const unknown = found.flatMap(({ file, text }) =>
      findUnknownOptions(text, options).map((option) => `${file}: ${option} in: ${text}`),
    );
    assert.deepEqual(unknown, []);
  });

  it("in a command of the documentation are options of that command", () => {
    const files = [...listFiles("docs", /\.md$/), join(root, "README.md")];
    const commands = files.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/palette-upgrade [^\n`|;&]*--[^\n`|;&]*/g)].map(([text]) => ({
        file,
        text,
      })),
    );
    assert.ok(commands.length > 20, `${commands.length} commands`);
    const unknown = commands.flatMap(({ file, text }) =>
      findUnknownOptions(text, options).map((option) => `${file.slice(root.length + 1)}: ${option} in: ${text}`),
    );
    assert.deepEqual(unknown, []);
  });

  const table: [title: string, text: string, unknown: string[]][] = [
    ["an option of some command", "--judge: x cannot be read.", []],
    ["one that no command has", "Give --id and --stack.", ["--id"]],
    ["an option of the command", "Run palette-upgrade act backup --hop 1->2 --because x.", []],
    ["one of another command", "Run palette-upgrade act backup --judge x.", ["--judge"]],
    ["one of a command below", "palette-upgrade matrix import PAGE --write --folder F", []],
    ["one of its neighbour", "palette-upgrade matrix show ID --write", ["--write"]],
    ["an option of an act", "--option taken-at=2026-11-21T08:00:00Z", []],
    ["one that no act has", "--option takenAt=x --option when=x", ["--option when="]],
    ["another program's", "pulumi config set --secret --path palette:x", []],
    ["one that program is not known to have", "pulumi config set --sekret x", ["--sekret"]],
    ["one behind a command's end", 'The "palette-upgrade up" begins it; --location says where.', []],
    ["another program's without it", "Set it with --secret.", ["--secret"]],
    ["no option", "a -- b, 4.1--4.2, x--judge", []],
  ];
  for (const [title, text, unknown] of table)
    it(`the scan: ${title}`, () => assert.deepEqual(findUnknownOptions(text, options), unknown));
});
