import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { InvalidInputError } from "../base/errors/errors.js";
import { stdout } from "../base/process/output.js";
import { describeTool } from "../base/process/tool-version.js";
import { shouldUseColour } from "./colour.js";
import { runInterruptibly } from "./interrupts.js";
import { type StackPlanOptions } from "./plan/stack-plan-command.js";
import { type CommandResult } from "./result.js";

type PrintResult = (command: Promise<CommandResult>) => Promise<void>;

const stackOption = ["--stack <name>", "an existing stack of this project, e.g. prod"] as const;

/** Adds the commands about a stack: `up`, `preview`, `status`, `journal`, `promotion`. */
export function addUpgradeCommands(program: Command, printResult: PrintResult): void {
  addUp(program, printResult);
  addPreview(program, printResult);
  addStatus(program, printResult);
  addJournal(program, printResult);
  addPromotion(program, printResult);
}

function addUp(program: Command, printResult: PrintResult): void {
  program
    .command("up")
    .description("drive a stack to its target: preview, confirm, update, next; run it again after any interruption")
    .requiredOption(...stackOption)
    .option("--to <version>", "stop at this stop of the route (never beyond palette:target)")
    .option("--max-hops <n>", "stop after so many hops", parseWholeNumber)
    .option("--yes", "ask nobody (needed without a terminal)", false)
    .option("--change <ticket>", "number of the change this is made under, for the journal")
    .option(
      "--patience <seconds>",
      "how long to wait for a person, window, DNS or promotion (default: 0 in CI, 600 on a terminal)",
      parseSeconds,
    )
    .option("--approved-version <version>", "next stop as an approved preview showed it; one hop is made")
    .option("--approved-fingerprint <sha256>", "its fingerprint")
    .option("--approved-by <name>", "who approved it")
    .addOption(new Option("--output <format>").choices(["text", "json"]).default("text"))
    .action(async (options) => {
      const { runUpCommand } = await import("./up/up-command.js");
      await runInterruptibly(async (shell) => printResult(runUpCommand(options, shell)));
    });
}

const unknownToPreview = `
The exit code is up's as far as a preview can know. It cannot know whether
  - somebody approves or confirms the update;
  - the journal can be written (that its place can be one is checked; it is not opened);
  - the gates pass on a cluster that cannot be reached from here: "will check" is no verdict. Where nothing refuses but
    a gate was not judged or the cluster not read, --gates-only ends with 3, and either preview with 4 if
    --warnings-as-exit-code is given;
  - all is still so when up runs: gates are judged again then.`;

function addPreview(program: Command, printResult: PrintResult): void {
  program
    .command("preview")
    .description("what up would do now, with the exit code it would end with as far as can be known; changes nothing")
    .addHelpText("after", unknownToPreview)
    .requiredOption(...stackOption)
    .option(
      "--gates-only",
      "decide the step, prove its charts and judge its gates, without an engine: days ahead",
      false,
    )
    .option(
      "--warnings-as-exit-code",
      "exit 4 where nothing refuses, but a gate was not judged or the cluster not read",
      false,
    )
    .addOption(new Option("--output <format>").choices(["text", "json", "markdown"]).default("text"))
    .action(async (options) => {
      const { runPreviewCommand } = await import("./preview-command.js");
      await runInterruptibly((shell) =>
        printResult(
          runPreviewCommand(options, {
            ...shell,
            colour: shouldUseColour(stdout),
            width: stdout.columns,
          }),
        ),
      );
    });
}

function addStatus(program: Command, printResult: PrintResult): void {
  program
    .command("status")
    .description("installed, recorded, target, what remains, open acts, lock, last journal entries")
    .requiredOption(...stackOption)
    .addOption(new Option("--output <format>").choices(["text", "json"]).default("text"))
    .action(async (options) => {
      const { runStatusCommand } = await import("./status/status-command.js");
      await runInterruptibly((shell) => printResult(runStatusCommand(options, shell)));
    });
}

function addJournal(program: Command, printResult: PrintResult): void {
  const journal = program.command("journal").description("who did what to which installation, when and why");
  const location = [
    "--location <place>",
    "folder or s3://bucket/prefix (default: the stack's palette:journal)",
  ] as const;
  journal
    .command("verify")
    .description("check every entry's hash and its chain; exit 3 where it is broken")
    .requiredOption(...stackOption)
    .option(...location)
    .option("--head <hash>", "a hash noted elsewhere that must be among them: finds entries taken away at the end")
    .addOption(new Option("--output <format>").choices(["text", "json"]).default("text"))
    .action(async (options) => {
      const { verifyJournal } = await import("./journal/journal-command.js");
      await runInterruptibly((shell) => printResult(verifyJournal(options, shell)));
    });
  journal
    .command("report")
    .description("the journal for people")
    .requiredOption(...stackOption)
    .option(...location)
    .addOption(new Option("--output <format>").choices(["text", "markdown"]).default("text"))
    .action(async (options) => {
      const { reportJournal } = await import("./journal/journal-command.js");
      await runInterruptibly((shell) => printResult(reportJournal(options, shell)));
    });
}

function addPromotion(program: Command, printResult: PrintResult): void {
  program
    .command("promotion")
    .description("verified hops of one stack, for another to ask for")
    .command("export")
    .description("write the verified hops of a stack as a signed file (palette:promotion.file)")
    .requiredOption(...stackOption)
    .requiredOption("--key <file>", "PEM file of the Ed25519 private key")
    .option("--out <file>", "write there instead of stdout")
    .action(async (options) => {
      const { exportPromotion } = await import("./promotion-command.js");
      await runInterruptibly((shell) => printResult(exportPromotion(options, shell)));
    });
}

function parseWholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("A whole number from 1 on is expected.");
  return Number(text);
}

function parseSeconds(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("A whole number of seconds is expected.");
  return Number(text);
}

type StackPlanRequest = Omit<StackPlanOptions, "colour" | "width" | "tool">;
/** Options of `plan` that a stack determines. */
const stackDetermines = ["from", "to", "matrix", "edition", "method"] as const;

/** Runs `plan --stack`, which replaces --from and --to. */
export async function runStackPlan(
  options: StackPlanRequest & { [Name in (typeof stackDetermines)[number]]?: string },
  printResult: PrintResult,
): Promise<void> {
  const foreign = stackDetermines.filter((name) => options[name] !== undefined);
  if (foreign.length > 0) {
    throw new InvalidInputError(
      "PLAN_AMBIGUOUS",
      `--stack takes these from the stack: ${foreign.map((name) => `--${name}`).join(", ")}.`,
      {
        next: "Leave them out, or leave out --stack.",
      },
    );
  }
  const { runStackPlanCommand } = await import("./plan/stack-plan-command.js");
  const { stack, output, warningsAsExitCode } = options;
  const tool = describeTool();
  const page = { colour: shouldUseColour(stdout), width: stdout.columns, tool };
  await runInterruptibly((shell) =>
    printResult(runStackPlanCommand({ stack, output, warningsAsExitCode, ...page }, shell)),
  );
}
