import { loadRules } from "../../../planning/rules/rules.js";
import { removeLabel } from "./streams.js";

/**
 * What a line is: `noise` that says nothing of the set, a `failure` in words, `partial` output of which nothing can be
 * concluded, an `extract` that contradicts nothing, a `marker` that announces an answer, a `command` that was typed, or a
 * `warning` of the server's start, which is noise below its `heading` alone. Null: it cannot be accounted for.
 */
type LineKind = "noise" | "failure" | "partial" | "extract" | "marker" | "command" | "heading" | "warning";

/** Longer lines are no noise: they can only be documents. */
const maximumLength = 2000;
const maximumPrompts = 10;

const patterns = (["failure", "noise", "partial", "extract", "marker", "heading", "warning"] as const).map((kind) => {
  return { kind, forms: loadRules("mongo-lines").filter((row) => row.kind === kind).map(({ pattern }) => new RegExp(pattern)) }; // prettier-ignore
});

/** Prompts of mongosh and of the old shell, e.g. `rs0 [direct: primary] test> ` and `rs0:PRIMARY> `. */
const prompt =
  /^[ \t]{0,20}(?:MongoDB )?(?:Enterprise |Atlas(?:LocalDev)? )?(?:[\w.-]{1,64}(?::[A-Z]{1,12}\d?)?)?(?: ?\[[^\][]{1,100}\])?(?: ?[\w$.-]{1,64})?>(?: |$)/;
const shellPrompt =
  /^[ \t]{0,20}(?:\((?:[\w.-]{1,40}|⎈ ?\|[\w.@:/-]{1,200})\) ?)?(?:\[[^\][]{1,80}\]|(?:I have no name!|[\w.-]{1,64})@[^\s$#%]{1,100}(?: [^\s$#%]{1,60})?|(?:ba)?sh-[\d.]{1,8}|PS [^<>]{1,100}|[A-Z]:\\[^<>]{0,100})? ?(?:[$#%>❯+]|➜(?: {2}[\w.~/-]{1,60})?(?: git:\([^()]{1,80}\))?(?: ✗)?)(?: |$)/;
/** Prompts of cmd.exe, which puts nothing behind them, and the line that Git Bash puts before its own. */
const windowsPrompt = /^[A-Z]:\\[^<>|"]{0,100}>(?=\S)/;
const gitBash = /^[\w.-]{1,64}@[\w.-]{1,253} MINGW(?:32|64) \S{1,200}(?: \([^()]{1,80}\))?$/;
const program =
  /^`?(?:sudo |time |exec )?(?:kubectl|oc|k|docker|docker-compose|podman|nerdctl|crictl|mongosh|mongo|ssh|watch|script|bash|sh|exit|logout|su|cd|ls|clear|source|export|for|do|done|while|echo|cat|date|helm|ansible|juju|Start-Transcript|Stop-Transcript)(?=[\s;`]|$)/;
/** Programs of which a line tells without a prompt, too, by their arguments: a sentence that begins with one is no command. */
const plainProgram = new RegExp(
  `^(?:sudo )?(?:${[
    "(?:kubectl|oc) (?:-|(?:exec|get|logs?|describe|config|rollout|delete|apply|scale|patch|run|debug|cp|wait|top|attach|port-forward|rsh|project)(?: |$))",
    "(?:docker|docker-compose|podman) (?:-|(?:exec|compose|container|run|ps|logs|inspect|cp|attach|start|restart|stop|up|down)(?: |$))",
    "watch (?:-\\w+ (?:\\d+ )?){0,4}[\"']?(?:kubectl|oc|docker|mongosh|mongo) ",
    "ssh (?:-|\\S{0,200}[@.\\d])",
    "(?:mongosh|mongo)(?:$| (?:-|[\"'$<]|mongodb(?:\\+srv)?:|(?:admin|local|test|config)(?: -|$)|[\\w.-]{1,253}[:/]\\S{1,200}(?: -|$)))",
  ].join("|")})`,
);
/** Said of a program before its first option: then the line is a remark. */
const remark =
  /^(?:(?! -)[^'"]){0,200}\b(?:fail(?:s|ed|ure)?|errors?|refused|unreachable|can(?:not|'t)|could(?: not|n't)|did(?: not|n't)|does(?: not|n't)|is|was|hangs|hung|timed|denied|nothing)\b/;
const statement =
  /^(?:(?:(?:var|let|const) )?[A-Za-z_$][\w$]{0,60}\s?(?:[.([=]|\+=)|(?:show|use) [\w$.-]{1,80};?\s*$|(?:exit|quit|it|help|cls);?\s*$|(?:for|while|if) ?\()/;
const plainStatement = /^\s{0,40}(?:printjson\()?(?:rs|db)\.\w{1,40}\([^{}]{0,200}\)\)?;?\s{0,40}$/;
const continuation = /^\.\.\.(?: (?!\d+ more )|$)/;
/** A loop of the shell on one line, or the lines of one behind its second prompt. */
const shellLoop = /^(?:(?:for \w{1,40} in |while ).{1,200};? ?\bdo\b|(?:do|done)(?:;|$))/;
const innerLine = /^\s{0,20}> +(?=\S)/;
/** Words of a comment or remark that say that something did not work. */
const trouble =
  /\b(?:fail\w*|errors?|refus\w+|unreach\w+|down|cannot|can't|(?:could|did|does|is|was) ?n[o']t|no (?:answer|reply|response)|not (?:reachable|ready|running|healthy)|time[ds]? ?out|timeout|hangs?|hung|denied|skipped|missing|dead|lost|unavailable|unhealthy|stale|behind|lag\w*)\b/i;
/** A sentence that says of a member, by its name, that it gave no answer. */
const silence =
  /^(?=.*\b[a-z][\w.]*-\d{1,4}\b).{0,300}\b(?:unreachable|(?:is|was) (?:down|not reachable)|(?:did ?n[o']t|does ?n[o']t) (?:answer|reply|respond)|no (?:answer|reply|response)|could ?n[o']t be (?:asked|reached)|timed out)\b/i;
const startTime = /^\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:?\d\d): /;
/** Commands whose output says nothing of the set, whatever it is. */
const unrelated =
  /^(?:show |use |db\.auth\(|db\.(?!adminCommand|runCommand|hello|isMaster|serverStatus|print|get)[\w$-]{1,80}\.(?:insert|find|update|delete|remove|count|drop|create|aggregate|distinct|getIndexes|stats|save|replaceOne|bulkWrite)\w*\(|rs\.(?:slaveOk|secondaryOk)\(|db\.(?:setSlaveOk|setSecondaryOk|version|createUser)\(|version\(|config\.)/;
const marker =
  /^[ \t]{0,20}[-=#*>+<[(]{0,20} ?(?:(?:pod|member|node|host|container|server)[ :/]{1,3})?(?=[\w.:/-]{0,200}\d)[A-Za-z0-9][\w.:/-]{0,200}[\])]? ?[-=#*<>+:]{0,20}[ \t]{0,20}$/i;
const comment = /^\s{0,80}(?:#|\/\/|\/\*|\*\/|\*)[^{}[\]]{0,300}$/;
const commentSign = /^(?:#|\/\/|\/\*|\*){1,10} ?/;

/** What was typed at a prompt, or null where the line has no prompt. */
export function findTyped(text: string): { command: string; shell: "mongo" | "system" } | null {
  const found = prompt.exec(text);
  if (found) return { command: dropPrompts(text.slice(found[0].length)), shell: "mongo" };
  const system = shellPrompt.exec(text) ?? windowsPrompt.exec(text);
  return system ? { command: text.slice(system[0].length).trim(), shell: "system" } : null;
}

/** Classifies a line that begins no document; null where it cannot be accounted for. */
export function classifyLine(text: string): LineKind | null {
  const trimmed = text.trim();
  if (trimmed === "") return "noise";
  const typed = findTyped(text);
  const said = typed?.command ?? trimmed;
  const forms = [said, removeLabel(said), said.replace(commentSign, ""), said.replace(startTime, "")];
  if (forms.some((each) => matches("failure", each))) return "failure";
  if (text.length > maximumLength) return null;
  if (typed) {
    const known = typed.shell === "mongo" ? statement.test(said) && !matches("partial", said) : program.test(said);
    if (said === "" || known) return "command";
    if (innerLine.test(text)) return isProgram(said) ? "command" : null;
    if (typed.shell === "mongo") return matches("noise", said) ? "noise" : null;
  }
  const continues = continuation.test(trimmed) && !tellsTrouble(trimmed);
  if (continues || plainStatement.test(text) || gitBash.test(trimmed)) return "command";
  if (matches("noise", trimmed)) return "noise";
  if (isProgram(trimmed)) return "command";
  if (matches("heading", trimmed)) return "heading";
  if (matches("warning", trimmed)) return "warning";
  if (matches("extract", trimmed)) return "extract";
  if (matches("partial", trimmed)) return "partial";
  if (marker.test(text) || matches("marker", trimmed)) return "marker";
  return comment.test(text) && !tellsTrouble(text) ? "noise" : null;
}

/** Whether a line, whatever else it is, says that something did not work. A single word may be a name. */
export function tellsTrouble(text: string): boolean {
  return trouble.test(text) && /\S\s+\S/.test(text);
}

/** Whether a sentence says of a member that it gave no answer. */
export function tellsSilence(text: string): boolean {
  return silence.test(text);
}

/** A program's call, or a loop of the shell around such calls. */
function isProgram(text: string): boolean {
  return (plainProgram.test(text) || shellLoop.test(text)) && !remark.test(text);
}

/** Whether the output of this command is none of the replica set's, such as the list of databases. */
export function isUnrelated(command: string): boolean {
  return unrelated.test(command);
}

function matches(kind: Exclude<LineKind, "command">, text: string): boolean {
  return patterns.find((each) => each.kind === kind)!.forms.some((form) => form.test(text));
}

/** A prompt may stand several times on a line that was redrawn. */
function dropPrompts(text: string): string {
  let rest = text;
  for (let times = 0; times < maximumPrompts; times += 1) {
    const found = prompt.exec(rest);
    if (!found) break;
    rest = rest.slice(found[0].length);
  }
  return rest.trim();
}
