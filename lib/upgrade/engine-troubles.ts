import { InvalidInputError, NotNowError, PaletteError } from "../errors.js";
import { cutOffPattern, cutOffState } from "./cut-off-state.js";
import { holderSaid, saidOfHolder } from "./pulumi-lock.js";

interface Trouble {
  pattern: RegExp;
  explain: (match: RegExpExecArray) => PaletteError;
}

/** What Pulumi's command line says before or beside its own diagnostics, and what it means here. */
const troubles: Trouble[] = [
  {
    pattern:
      /no (language|resource) plugin 'pulumi-(?:language|resource)-([\w-]+)' found(?:[^\n]*?at version v?(\d+\.\d+\.\d+))?/,
    explain: ([, kind, name, version]) =>
      new InvalidInputError(
        "ENGINE_INCOMPLETE",
        `Pulumi lacks its ${kind} plugin ${name}${version ? ` ${version}` : ""}.`,
        {
          next:
            kind === "language"
              ? `It comes with Pulumi's release archive (pulumi-language-${name}): put the whole folder on PATH.`
              : `Get it with: pulumi plugin install resource ${name}${version ? ` ${version}` : ""} (without internet: --file ARCHIVE, from the plugin's release page).`,
        },
      ),
  },
  {
    pattern: /passphrase must be set|incorrect passphrase/,
    explain: ([said]) =>
      new InvalidInputError("ENGINE_PASSPHRASE", `The stack's secrets cannot be opened: ${said}.`, {
        next: "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the stack's passphrase.",
      }),
  },
  {
    pattern: /PULUMI_ACCESS_TOKEN must be set|not logged in|pulumi login/,
    explain: () =>
      new InvalidInputError("ENGINE_BACKEND", "Pulumi does not know where the stacks are kept.", {
        next: "Log in (pulumi login, or pulumi login file://FOLDER) or set PULUMI_BACKEND_URL; in CI also PULUMI_ACCESS_TOKEN.",
      }),
  },
  {
    pattern: /validating stack config: ([^\n]+)/,
    explain: ([, said]) =>
      new InvalidInputError("SETTINGS_INVALID", `The stack's configuration is not valid: ${said!.trimEnd()}.`, {
        next: "Correct that key in the stack's configuration file; Pulumi.yaml describes each of them.",
      }),
  },
  {
    pattern: /pulumi was ended from outside by (SIG\w+)/,
    explain: ([, signal]) =>
      new PaletteError("ENGINE_KILLED", 1, `Pulumi was ended from outside by ${signal} in the middle of its work.`, {
        next: "Run the same command again: it says in what order to clear away what that run left, and then goes on from what is observed.",
      }),
  },
  {
    pattern: cutOffPattern,
    explain: () => cutOffState([]),
  },
  {
    pattern: /Another update is currently in progress|the stack is currently locked by/,
    explain: ({ input }) => {
      const holder = holderSaid(input);
      const who = holder === null ? "" : `, ${saidOfHolder(holder)}`;
      return new NotNowError("STACK_LOCKED", `Another update of this stack is under way${who}.`, {
        next: "Wait until it has ended and run this again.",
      });
    },
  },
];

const backendNext =
  "Look at PULUMI_BACKEND_URL (or pulumi login), at the credentials it needs, and whether this machine reaches it.";

/** What it says while a stack is opened: later the same words may be about the cluster. */
const openingTroubles: Trouble[] = [
  {
    pattern: /unable to open state directory "?([^":]*:?[^":]*)"?: ([^\n]+)/,
    explain: ([, place]) =>
      new InvalidInputError("ENGINE_BACKEND", `The place where the stacks are kept cannot be opened: ${place}.`, {
        next: backendNext,
      }),
  },
  {
    pattern:
      /(?:blob \(key|get credentials|AccessDenied|NoSuchBucket|dial tcp|no such host|connection refused|i\/o timeout|TLS handshake|\[40[13]\])[^\n]*/,
    explain: ({ input }) => {
      const said = input.split("\n").find((line) => line.startsWith("error: ")) ?? input;
      const why = said
        .replace(/^error: /, "")
        .trim()
        .slice(0, 300);
      return new InvalidInputError("ENGINE_BACKEND", `The place where the stacks are kept does not answer: ${why}`, {
        next: backendNext,
      });
    },
  },
];

/** What the command line says while a stack is opened, in this project's words; null for what it knows nothing of. Pure. */
export function explainOpening(said: string): PaletteError | null {
  return explained(said, [...troubles, ...openingTroubles]);
}

/** A failure of the command line in this project's words; null for one it knows nothing of. Pure. */
export function explainTrouble(said: string): PaletteError | null {
  return explained(said, troubles);
}

function explained(said: string, known: readonly Trouble[]): PaletteError | null {
  for (const { pattern, explain } of known) {
    const match = pattern.exec(said);
    if (match !== null) return explain(match);
  }
  return null;
}
