import { methods, type Edition, type Method } from "../types.js";

const methodWords: Record<Method, RegExp> = {
  kubernetes: /\bkubernetes\b|\bk8s\b|\bhelm\b/i,
  vmware: /\bvmware\b|\bvsphere\b/i,
  appliance: /\bappliance\b/i,
};

/** Finds the install method named in a text; undefined if the text names none or several. */
export function findMethod(words: string): Method | undefined {
  const named = methods.filter((method) => methodWords[method].test(words));
  return named.length === 1 ? named[0] : undefined;
}

/** Words that a heading may have beside the method it names. */
const besideMethod =
  /\b(?:upgrade|upgrades|upgrading|supported|paths?|for|on|with|using|via|the|a|an|self-hosted|palette|vertex|enterprise|cluster|management|installations?|installed|installs?|method|environments?)\b/gi;

/** Finds the install method that a heading names and nothing else: `VMware`, not `Kubernetes Version Constraint`. */
export function findHeadingMethod(heading: string): Method | undefined {
  const method = findMethod(heading);
  if (method === undefined) return undefined;
  const rest = heading.replace(new RegExp(methodWords[method].source, "gi"), "").replace(besideMethod, "");
  return /[\p{L}\p{N}]/u.test(rest) ? undefined : method;
}

/** Finds the edition named in a text. VerteX is tested first, because its full name begins with Palette. */
export function findEdition(words: string): Edition | undefined {
  if (/vertex/i.test(words)) return "vertex";
  return /\bpalette\b|\benterprise\b/i.test(words) ? "palette" : undefined;
}

/** Extracts the words of a path below the vendor's documentation root, a reliable clue; empty without that root. */
export function extractPathWords(path: string): string {
  const parts = path.split(/[\\/]/);
  const root = Math.max(parts.lastIndexOf("docs-content"), parts.lastIndexOf("self-hosted-setup"));
  return root === -1 ? "" : separateWords(parts.slice(root + 1).join(" "));
}

/** Extracts the words of a file name, a weak clue. The folders of the file are ignored: they say nothing. */
export function extractFileNameWords(path: string): string {
  return separateWords(path.split(/[\\/]/).at(-1) ?? "");
}

function separateWords(text: string): string {
  return text.replace(/[-_.]/g, " ");
}
