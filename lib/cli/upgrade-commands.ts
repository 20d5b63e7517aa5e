import { InvalidArgumentError, Option, type Command } from "commander";
import { InvalidInputError } from "../errors.js";
import { type CommandResult } from "./main.js";
import { type UpShell } from "./up-command.js";

type Answer = (command: Promise<CommandResult>) => Promise<void>;

const stackOption = ["--stack <name>", "an existing stack of this project, e.g. prod"] as const;

/** The commands about a stack: `up`, `preview`, `status`, `journal`, `promotion`. */
export function addUpgradeCommands(program: Command, answer: Answer): void {
  addUp(program, answer);
  addPreview(program, answer);
  addStatus(program, answer);
  addJournal(program, answer);
  addPromotion(program, answer);
}

function addUp(program: Command, answer: Answer): void {
  program
    .command("up")
    .description("drive a stack to its target: preview, confirm, update, next; run it again after any interruption")
    .requiredOption(...stackOption)
    .option("--to <version>", "stop at this stop of the road (never beyond palette:target)")
    .option("--max-hops <n>", "stop after so many hops", wholeNumber)
    .option("--yes", "ask nobody (needed without a terminal)", false)
    .option("--change <ticket>", "number of the change this is made under, for the journal")
    .option(
      "--patience <seconds>",
      "how long to wait for a person, window, DNS or promotion (default: 0 in CI, 600 on a terminal)",
      seconds,
    )
    .option("--approved-version <version>", "next stop as an approved preview showed it; one hop is made")
    .option("--approved-fingerprint <sha256>", "its fingerprint")
    .addOption(new Option("--output <format>").choices(["text", "json"]).default("text"))
    .action(async (options: Record<string, unknown>) => {
      const { upCommand } = await import("./up-command.js");
      await interruptibly(async (shell) => answer(upCommand(options as never, shell)));
    });
}

const unknownToPreview = `
The exit code is up's as far as a preview can know. It cannot know whether
  - somebody approves or confirms the update;
  - the journal can be written (that its place can be one is checked; it is not opened);
  - the gates pass on a cluster that cannot be reached from here: "will check" is no verdict;
  - all is still so when up runs: gates are judged again then.`;

function addPreview(program: Command, answer: Answer): void {
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
    .addOption(new Option("--output <format>").choices(["text", "json", "markdown"]).default("text"))
    .action(async (options: Record<string, unknown>) => {
      const { previewCommand } = await import("./preview-command.js");
      await interruptibly((shell) =>
        answer(
          previewCommand(options as never, {
            ...shell,
            colour: useColour(process.stdout),
            width: process.stdout.columns,
          }),
        ),
      );
    });
}

function addStatus(program: Command, answer: Answer): void {
  program
    .command("status")
    .description("installed, recorded, target, what remains, open acts, lock, last journal entries")
    .requiredOption(...stackOption)
    .addOption(new Option("--output <format>").choices(["text", "json"]).default("text"))
    .action(async (options: Record<string, unknown>) => {
      const { statusCommand } = await import("./status-command.js");
      await interruptibly((shell) => answer(statusCommand(options as never, shell)));
    });
}

function addJournal(program: Command, answer: Answer): void {
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
    .action(async (options: Record<string, unknown>) => {
      const { journalVerify } = await import("./journal-command.js");
      await interruptibly((shell) => answer(journalVerify(options as never, shell)));
    });
  journal
    .command("report")
    .description("the journal for people")
    .requiredOption(...stackOption)
    .option(...location)
    .addOption(new Option("--output <format>").choices(["text", "markdown"]).default("text"))
    .action(async (options: Record<string, unknown>) => {
      const { journalReport } = await import("./journal-command.js");
      await interruptibly((shell) => answer(journalReport(options as never, shell)));
    });
}

function addPromotion(program: Command, answer: Answer): void {
  program
    .command("promotion")
    .description("verified hops of one stack, for another to ask for")
    .command("export")
    .description("write the verified hops of a stack as a signed file (palette:promotionFile)")
    .requiredOption(...stackOption)
    .requiredOption("--key <file>", "PEM file of the Ed25519 private key")
    .option("--out <file>", "write there instead of stdout")
    .action(async (options: Record<string, unknown>) => {
      const { promotionExport } = await import("./promotion-command.js");
      await interruptibly((shell) => answer(promotionExport(options as never, shell)));
    });
}

/** Ctrl-C, a closed terminal and a cancelled job end a run in order: whatever moves comes to its end first. */
async function interruptibly(action: (shell: UpShell) => Promise<void>): Promise<void> {
  const { realShell } = await import("./stack-session.js");
  const interrupt = new AbortController();
  const shell = realShell();
  const onSignal = (): void => {
    if (!interrupt.signal.aborted)
      shell.say("Interrupted: no new step is begun; a release that moves comes to its end first.");
    interrupt.abort();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, onSignal);
  try {
    await action({
      ...shell,
      stream: process.stderr,
      colour: useColour(process.stderr),
      isTerminal: process.stdin.isTTY && process.stderr.isTTY,
      signal: interrupt.signal,
    });
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
}

/** https://no-color.org: any value switches colour off. */
export function useColour(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && !process.env.NO_COLOR;
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("A whole number from 1 on is expected.");
  return Number(text);
}

function seconds(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("A whole number of seconds is expected.");
  return Number(text);
}

/** `plan --stack` in the place of --from and --to. */
export async function planOfStack(options: Record<string, unknown>, answer: Answer): Promise<void> {
  const foreign = ["from", "to", "matrix", "edition", "method"].filter((name) => options[name] !== undefined);
  if (foreign.length > 0) {
    throw new InvalidInputError(
      "PLAN_AMBIGUOUS",
      `--stack takes these from the stack: ${foreign.map((name) => `--${name}`).join(", ")}.`,
      {
        next: "Leave them out, or leave out --stack.",
      },
    );
  }
  const { stackPlanCommand } = await import("./stack-plan-command.js");
  await interruptibly((shell) =>
    answer(
      stackPlanCommand(
        { ...options, colour: useColour(process.stdout), width: process.stdout.columns } as never,
        shell,
      ),
    ),
  );
}
