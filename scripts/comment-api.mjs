// What the scripts that post comments share: requests without redirects, pages, and one comment for each marker.

/** What a reader of the log can act on: said without a stack trace. */
export class CommentError extends Error {}

/** Runs a script's work; a CommentError ends it with 1 and one sentence. */
export async function runScript(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CommentError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** Posts `body` as the comment that begins with `marker`: edits its own one in place, else adds one. */
export async function put(host, marker, body) {
  for await (const comment of host.comments()) {
    if (!comment.own || !comment.body.startsWith(marker)) continue;
    if (comment.body !== body) await host.edit(comment.id, body);
    return;
  }
  await host.add(body);
}

export async function* pages(url, headers, read) {
  const separator = url.includes("?") ? "&" : "?";
  for (let page = 1; page <= 50; page += 1) {
    const list = await request(`${url}${separator}per_page=100&page=${page}`, { headers });
    yield* list.map(read);
    if (list.length < 100) return;
  }
}

export function sending(method, headers, body) {
  return { method, headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify({ body }) };
}

export async function request(url, options) {
  const answer = await send(url, { ...options, redirect: "error" });
  if (!answer.ok) throw new CommentError(`${nameRequest(url, options)}: ${answer.status}`);
  return answer.json();
}

/**
 * Reads a text of at most `limit` bytes; null where there is none. Where it lies in an object store, the store gets none of
 * the headers.
 */
export async function requestText(url, headers, limit) {
  const first = await send(url, { headers, redirect: "manual" });
  const store = first.status >= 300 && first.status < 400 ? first.headers.get("location") : null;
  const answer = store === null ? first : await send(new URL(store, url), { redirect: "error" });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new CommentError(`${nameRequest(url, {})}: ${answer.status}`);
  return readText(answer.body, limit);
}

async function readText(stream, limit) {
  const chunks = [];
  let room = limit;
  for await (const chunk of stream ?? []) {
    chunks.push(chunk.subarray(0, room));
    room -= chunk.length;
    if (room <= 0) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(url, options) {
  return fetch(url, { ...options, signal: AbortSignal.timeout(30_000) }).catch((error) => {
    throw new CommentError(`${nameRequest(url, options)}: no answer (${error.cause?.code ?? error.name})`);
  });
}

function nameRequest(url, { method = "GET" }) {
  return `${method} ${new URL(url).pathname}`;
}
