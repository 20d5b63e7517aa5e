/** One line of a saved text, without its prefix. */
export interface Line {
  /** Counted from 1 in the whole text. */
  number: number;
  text: string;
  /** Whether it stands outside the code blocks of a Markdown text. */
  prose: boolean;
}

/** Lines of one source in their order: of a pod, a container or a host, or those without such a prefix. */
export interface Stream {
  label: string | null;
  lines: Line[];
}

/** Prefixes that tools put before each line, with the source in the first group. */
const prefixes = [
  // docker compose logs; Ansible puts a result behind the same sign
  /^([A-Za-z0-9][\w.-]{0,100})[ \t]+\|(?: (?!(?:CHANGED|SUCCESS|FAILED|UNREACHABLE)\b)|$)/,
  // kubectl logs --prefix, and scripts that do the same
  /^\[((?:pod\/)?[A-Za-z0-9][\w./:-]{0,150})\] /,
  // kubetail: pod and container
  /^\[([a-z0-9][a-z0-9.-]{0,100}-[a-z\d]{1,10} [a-z0-9][a-z0-9-]{0,62})\] /,
];
/** Prefixes that other text may have too, so that they count only where one of their lines begins a document. */
const doubtfulPrefixes = [
  // a host and a colon: pdsh, clush, loops
  /^((?=[\w.]*[-.\d])[A-Za-z0-9][\w.-]{0,200}(?::\d{1,5})?):(?: |(?=[{[]))/,
  // stern: pod and container, behind the namespace with --all-namespaces
  /^((?:[a-z0-9][a-z0-9-]{0,62} )?[a-z0-9][a-z0-9.-]{0,100}-\d{1,4} [a-z0-9][a-z0-9-]{0,62}) /,
];
const timestamp = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?(?=[ \t])[ \t]/;
const syslog = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,100} [\w./-]{1,60}(?:\[\d{1,9}\])?: /;
const fence = /^\s{0,12}(?:```|~~~)[ \t]{0,4}([\w+.-]{0,30})[ \t]*$/;

/** Splits a text into one stream per source. Fences of Markdown are left out; lines outside of them are prose. */
export function splitStreams(text: string): Stream[] {
  const lines = markProse(text.split("\n"));
  const labels = findLabels(lines);
  const streams = new Map<string | null, Line[]>();
  for (const line of lines) {
    const { label, text: rest } = splitPrefix(line.text, labels);
    const stream = streams.get(label);
    if (stream) stream.push({ ...line, text: rest });
    else streams.set(label, [{ ...line, text: rest }]);
  }
  return [...streams].map(([label, ofStream]) => ({ label, lines: ofStream }));
}

/** Returns a line without host or pod before it, whatever follows. */
export function removeLabel(text: string): string {
  return doubtfulPrefixes.reduce((rest, prefix) => rest.replace(prefix, ""), text);
}

function splitPrefix(text: string, labels: ReadonlySet<string>): { label: string | null; text: string } {
  const plain = removeTime(text);
  const found = findPrefix(prefixes, plain);
  if (found) return found;
  const doubtful = findPrefix(doubtfulPrefixes, plain);
  return doubtful && labels.has(doubtful.label) ? doubtful : { label: null, text: plain };
}

function findPrefix(among: readonly RegExp[], text: string): { label: string; text: string } | null {
  for (const prefix of among) {
    const found = prefix.exec(text);
    if (found) return { label: found[1]!, text: removeTime(text.slice(found[0].length)) };
  }
  return null;
}

function removeTime(text: string): string {
  return text.replace(timestamp, "").replace(syslog, "");
}

function findLabels(lines: readonly Line[]): Set<string> {
  const found = lines.map(({ text }) => findPrefix(doubtfulPrefixes, removeTime(text)));
  return new Set(found.flatMap((each) => (each !== null && /^\s{0,8}[{[]/.test(each.text) ? [each.label] : [])));
}

/** A fence that names a language opens a block, so that a text may begin within one. */
function markProse(texts: readonly string[]): Line[] {
  const lines = texts.map((text, index) => ({ number: index + 1, text, language: fence.exec(text)?.[1] }));
  const fences = lines.filter(({ language }) => language !== undefined);
  const opening = fences.findIndex(({ language }) => language !== "");
  // A fence whose other one is missing does not tell what stands outside.
  const single = fences.length % 2 === 1;
  let inside = fences.length === 0 || opening % 2 === 1;
  return lines.flatMap(({ number, text, language }) => {
    if (language === undefined) return [{ number, text, prose: !inside && !single }];
    inside = language !== "" || !inside;
    return [];
  });
}
