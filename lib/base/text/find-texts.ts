/** A part of a text, from `start` up to `end`. */
export interface TextRange {
  start: number;
  end: number;
}

interface Node {
  next: Map<number, Node>;
  /** Where matching goes on if no letter fits: the longest end of this node's text that begins a word. */
  fallback: Node | null;
  /** Length of the longest word that ends here; 0 for none. */
  length: number;
}

/**
 * Creates a finder of words in texts (Aho–Corasick): it takes time in proportion to the text, however many words there
 * are. The ranges are in order; words that overlap are one range. Empty words are ignored. Pure.
 */
export function createTextFinder(words: readonly string[]): (text: string) => TextRange[] {
  const root = createNode();
  for (const word of words) addWord(root, word);
  linkFallbacks(root);
  return (text) => {
    const found: TextRange[] = [];
    let node = root;
    for (let index = 0; index < text.length; index += 1) {
      node = step(root, node, text.charCodeAt(index));
      if (node.length > 0) addRange(found, { start: index + 1 - node.length, end: index + 1 });
    }
    return found;
  };
}

function createNode(): Node {
  return { next: new Map(), fallback: null, length: 0 };
}

function addWord(root: Node, word: string): void {
  let node = root;
  for (let index = 0; index < word.length; index += 1) {
    const letter = word.charCodeAt(index);
    const next = node.next.get(letter) ?? createNode();
    node.next.set(letter, next);
    node = next;
  }
  node.length = word.length;
}

function linkFallbacks(root: Node): void {
  const nodes = [root];
  for (const node of nodes) {
    for (const [letter, child] of node.next) {
      child.fallback = node === root ? root : step(root, node.fallback!, letter);
      if (child.length === 0) child.length = child.fallback.length;
      nodes.push(child);
    }
  }
}

function step(root: Node, from: Node, letter: number): Node {
  for (let node: Node | null = from; node !== null; node = node.fallback) {
    const next = node.next.get(letter);
    if (next !== undefined) return next;
  }
  return root;
}

/** Ranges come in the order of their ends; one that overlaps those before it takes them in. */
function addRange(found: TextRange[], range: TextRange): void {
  let { start } = range;
  for (let last = found.at(-1); last !== undefined && last.end > start; last = found.at(-1)) {
    start = Math.min(start, last.start);
    found.pop();
  }
  found.push({ start, end: range.end });
}
