import { Command, CommanderError, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { refuseStaleBuild } from "../base/process/build-stamp.js";
import { formatRefusal, toFailure } from "../base/errors/refusal.js";
import { stderr, stdout } from "../base/process/output.js";
import { findPackageRoot } from "../base/process/package-root.js";
import { describeTool } from "../base/process/tool-version.js";
import { editions, methods } from "../planning/matrix/types.js";
import { strategies } from "../planning/rules/site-facts.js";
import { faultNames } from "../../packages/rehearsal/lib/types.js";
import { shouldUseColour } from "./colour.js";
import type * as MatrixCommands from "./matrix/matrix-commands.js";
import { type CommandResult } from "./result.js";
import { addUpgradeCommands, runStackPlan } from "./upgrade-commands.js";

const usageExitCode = 2;

/** Runs the command line. Never throws. Heavy modules are imported by the command that needs them. */
export async function main(argv: string[]): Promise<number> {
  let exitCode = 0;
  const printResult = async (command: Promise<CommandResult>): Promise<void> => {
    const result = await command;
    exitCode = result.exitCode;
    if (result.text !== "") stdout.write(result.text.endsWith("\n") ? result.text : `${result.text}\n`);
  };
  const program = new Command("palette-upgrade")
    .description(
      "Plans, rehearses and runs gated upgrades of self-hosted Spectro Cloud Palette and its Private Cloud Gateways.",
    )
    .version(describeTool(), "--version", "print version and commit")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(`palette-upgrade: ${text}`),
    })
    .showHelpAfterError("(palette-upgrade --help shows more)");
  addPlan(program, printResult);
  addRehearse(program, printResult);
  addGate(program, printResult);
  addAct(program, printResult);
  addUpgradeCommands(program, printResult);
  addMatrix(program, printResult);
  addCharts(program, printResult);
  try {
    // The program that starts a gate's process has just checked the build.
    if (argv[2] !== "gate") refuseStaleBuild(findPackageRoot(), __dirname);
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    return reportError(error);
  }
}

type PrintResult = (command: Promise<CommandResult>) => Promise<void>;

function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageExitCode;
  const failure = toFailure(error);
  stderr.write(`${formatRefusal(failure, "  ")}\n`);
  return failure.exitCode;
}

const collect = (value: string, all: string[]): string[] => [...all, value];

function addPlan(program: Command, printResult: PrintResult): void {
  program
    .command("plan")
    .description("the ordered stack updates from one version to another, or why there are none; offline")
    .option("--stack <name>", "plan for this stack: its configuration, from what is installed or recorded")
    .option("--from <version>", "installed version, e.g. 4.1.12")
    .option("--to <target>", 'version, series ("4.7") or semver range')
    .addOption(new Option("--edition <edition>", "default: that of the matrix, else palette").choices(editions))
    .addOption(
      new Option("--method <method>", "how Palette is installed; default: that of the matrix, else kubernetes").choices(
        methods,
      ),
    )
    .option("--matrix <id|file>", "matrix to plan by (default: the newest shipped of edition and method)")
    .addOption(new Option("--route <strategy>").choices(strategies).default("guideline"))
    .option("--via <version>", "a version the route has to pass (repeatable)", collect, [])
    .option("--avoid <version>", "a version the route must not pass (repeatable)", collect, [])
    .option("--no-pcgs", "this installation has no Private Cloud Gateways")
    .option("--fact <name=value>", "what is known of the site, e.g. airgap=true (repeatable)", collect, [])
    .option("--extra-row <from->to|file>", "a row of your own beside the vendor's (repeatable)", collect, [])
    .addOption(createOutputOption(["json", "markdown", "mermaid", "html"]))
    .option("--warnings-as-exit-code", "exit 4 instead of 0 when the plan carries warnings", false)
    .action(async (options, command) => {
      const { stack, from, to } = options;
      if (stack !== undefined) return runStackPlan({ ...options, stack }, printResult);
      if (from === undefined || to === undefined) {
        const missing = from === undefined ? "from" : "to";
        return command.error(`error: required option '--${missing}' not specified (or --stack)`);
      }
      const { runPlanCommand } = await import("./plan/plan-command.js");
      const tool = describeTool();
      const page = { colour: shouldUseColour(stdout), width: stdout.columns, tool };
      await printResult(runPlanCommand({ ...options, from, to, ...page }));
    });
}

function addRehearse(program: Command, printResult: PrintResult): void {
  program
    .command("rehearse")
    .description("run the whole route on the embedded engine and a simulated site: nothing real is touched")
    .option("--from <version>", "installed version (default 4.1.12, or what the fault needs)")
    .option("--to <target>", "target (default 4.7.20, or what the fault needs)")
    .option("--matrix <id|file>", "matrix to plan by (default palette-kubernetes-4.7.20, or what the fault needs)")
    .addOption(new Option("--route <strategy>").choices(strategies).default("guideline"))
    .option("--fault <name>", `order a fault (repeatable): ${faultNames.join(", ")}`, collect, [])
    .option("--at <version>", "from which installed version on the faults show (default: from the start)")
    .option("--dir <folder>", "where the rehearsal keeps its site and state", ".rehearsal")
    .option("--fresh", "start anew even if an interrupted rehearsal could be taken up", false)
    .option("--kubeconfig <file>", "rehearse on this throwaway cluster (kind, minikube) with stand-in charts and Helm")
    .option("--context <name>", "context in the kubeconfig")
    .option("--image <name>", "image of the stand-ins' containers on the cluster (default rancher/mirrored-pause:3.10)")
    .option(
      "--pace <factor>",
      "how many times faster than the vendor's the gateways on the cluster live (default 60)",
      parseWholeNumber,
    )
    .action(async (options) => {
      const { runRehearseCommand } = await import("./rehearse/rehearse-command.js");
      await printResult(runRehearseCommand({ ...options, colour: shouldUseColour(stderr) }));
    });
}

const gateSecretsHelp = `
Secrets come by the environment, never by option or file:
  PALETTE_API_KEY_0, _1, …  API keys, in the order of "tenants" in the settings
  PALETTE_MONGO_URI         connection string of an external MongoDB, naming every member; the file of --settings
                            then holds {"mongo": {"external": true}}, and "caFile" beside it for a private CA
  PALETTE_CHARTS_PASSWORD   password or token of the chart registry`;

function addGate(program: Command, printResult: PrintResult): void {
  program
    .command("gate")
    .description("run one gate by hand, or as the stack's Commands do (with TO in the environment)")
    .argument("<name>", "e.g. mongo-replica-set (or mongo), pcg-readiness, rollout")
    .option(
      "--record <file>",
      "take one sample and keep its answers, without secrets, in a new file (not: values, images)",
    )
    .option("--judge <file>", "judge a record of --record offline; of mongo also a saved answer of rs.status()")
    .option("--members <number>", "members the replica set should have", parseWholeNumber)
    .option("--max-lag <seconds>", "how far a member may be behind, in seconds", parsePositiveNumber)
    .option("--kubeconfig <file>", "kubeconfig of the management cluster")
    .option("--context <name>", "context in the kubeconfig")
    .option("--to <version>", "destination of the hop")
    .addOption(new Option("--when <moment>", "before or after the hop").choices(["before", "after"]).default("before"))
    .option("--settings <file>", "gate settings, JSON")
    .option("--explain", "print what the gate reads, the least rights for it, its rules and their sources", false)
    .addOption(createOutputOption(["json"]))
    .addHelpText("after", gateSecretsHelp)
    .action(async (name, options) => {
      const { runGateCommand } = await import("./gate/gate-command.js");
      await printResult(runGateCommand(name, options));
    });
}

function addAct(program: Command, printResult: PrintResult): void {
  program
    .command("act")
    .description("run one act by name: shows what it would do, asks, writes, keeps it in the journal")
    .argument("<name>", "fcv-raise, pcg-resume, pcg-approve, backup or dns-cutover")
    .option("--stack <name>", "an existing stack of this project, e.g. prod")
    .option("--settings <file>", "gate settings, JSON, in the place of a stack")
    .requiredOption("--hop <from->to>", 'the hop the act is for, e.g. "4.7.27->4.8.8"')
    .requiredOption("--because <text>", "why, for the journal")
    .option("--ticket <ticket>", "number of the change, for the journal")
    .option("--option <name=value>", "an option of the act (repeatable), e.g. pcg=acme/pcg-vsphere", collect, [])
    .option("--confirm <from->to>", "confirms the act for this very hop, where nobody can be asked")
    .option("--yes", "ask nobody (not for what cannot be undone)", false)
    .option("--journal <place>", "folder or s3://bucket/prefix (default: palette:journal)")
    .addOption(createOutputOption(["json"]))
    .action(async (name, options) => {
      const { runActCommand, createActShell } = await import("./act-command.js");
      const { shell, end } = await createActShell();
      try {
        await printResult(runActCommand(name, options, shell));
      } finally {
        end();
      }
    });
}

function addMatrix(program: Command, printResult: PrintResult): void {
  const matrix = program.command("matrix").description("the vendor's rows: list, show, import, check, compare");
  const load = async (): Promise<typeof MatrixCommands> => import("./matrix/matrix-commands.js");
  matrix
    .command("list")
    .description("the shipped matrices")
    .addOption(createOutputOption(["json"]))
    .action(async (options) => printResult(Promise.resolve((await load()).listMatrices(options.output))));
  matrix
    .command("show")
    .description("one matrix, row by row")
    .argument("<id|file>")
    .addOption(createOutputOption(["json"]))
    .action(async (id, options) => printResult(Promise.resolve((await load()).showMatrix(id, options.output))));
  matrix
    .command("import")
    .description("read a page of the vendor's documentation; every row is read or reported")
    .argument("<page>")
    .addOption(new Option("--edition <edition>", "when the page does not report").choices(editions))
    .addOption(new Option("--method <method>", "when the page does not report").choices(methods))
    .addOption(createOutputOption(["json"]))
    .option("--write", "write the matrices into data/ with their checksums", false)
    .option("--folder <folder>", "with --write: write them there instead, for a palette:matrix that is a file")
    .option("--changed-only", "with --write: leave matrices whose rows are the same as they are", false)
    .option("--repository <owner/name>", "where the page comes from")
    .option("--path <path>", "its path there")
    .option("--commit <commit>", "its commit")
    .option("--read-on <date>", "the day it was read, YYYY-MM-DD (default: today)")
    .action(async (page, options) => printResult(Promise.resolve((await load()).importMatrices(page, options))));
  matrix
    .command("check")
    .description("validate the shipped matrices: schema, order, contradictions, checksums, sources")
    .action(async () => printResult(Promise.resolve((await load()).checkMatrices())));
  matrix
    .command("graph")
    .description("a picture (SVG) of a matrix: dead ends, stranded versions and a route")
    .argument("<id|file>")
    .option("--from <version>", "installed version of the route to mark")
    .option("--to <target>", "its target")
    .addOption(new Option("--route <strategy>").choices(strategies).default("guideline"))
    .option("--out <file>", "write there instead of stdout")
    .action(async (id, options) => {
      const { drawMatrixGraph } = await import("./matrix/matrix-graph.js");
      await printResult(Promise.resolve(drawMatrixGraph(id, options)));
    });
  matrix
    .command("diff")
    .description("rows added, withdrawn and re-marked, and which versions become stranded")
    .argument("<a>")
    .argument("<b>")
    .addOption(createOutputOption(["json"]))
    .action(async (a, b, options) =>
      printResult(Promise.resolve((await load()).compareMatrices(a, b, options.output))),
    );
}

function addCharts(program: Command, printResult: PrintResult): void {
  const charts = program.command("charts").description("the vendor's charts: pin them, check them");
  const add = (name: string, description: string) =>
    charts
      .command(name)
      .description(`${description}; a registry's password is read from PALETTE_CHARTS_PASSWORD`)
      .requiredOption("--versions <list>", "Palette versions, e.g. 4.6.41,4.7.20")
      .option("--stack <name>", "take where the charts are from this stack's file")
      .option(
        "--charts <place>",
        "folder, archive or oci://registry/path (default: the stack's, else charts/release-{version})",
      )
      .option("--user <name>", "user of the registry")
      .option("--ca-file <file>", "PEM file of the registry's private CA")
      .option("--pins <file>", "file of pins (default: the stack's, else chart-pins.json)")
      .option("--chart <role=version>", "which of several versions it is (repeatable)", collect, []);
  add("pin", "write version and sha256 of each chart into the file of pins").action(async (options) => {
    const { pinCharts } = await import("./charts-command.js");
    await printResult(pinCharts(options, process.cwd()));
  });
  add("check", "prove every chart against the file of pins").action(async (options) => {
    const { checkCharts } = await import("./charts-command.js");
    await printResult(checkCharts(options, process.cwd()));
  });
}

function createOutputOption<const Formats extends readonly string[]>(formats: Formats) {
  return new Option("--output <format>").choices(["text", ...formats]).default("text" as const);
}

function parseWholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("A whole number from 1 on is expected.");
  return Number(text);
}

function parsePositiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("A number above 0 is expected, in seconds.");
  return value;
}
