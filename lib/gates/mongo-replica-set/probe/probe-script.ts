import { formatStartSentinel } from "../text/envelope.js";

/** Server-side limit of one probe, in seconds; `timeout` in the container enforces it, whatever becomes of the exec. */
export const probeLimitSeconds = 20;

const prelude = `(function () {
  var mark = "@@MGATE1-" + "<nonce>";
  var modern = typeof process === "object" && typeof EJSON === "object";
  var environ = null;
  function env(name) {
    if (modern) return process.env[name] || "";
    if (typeof _getEnv === "function") return _getEnv(name) || "";
    if (environ === null) environ = cat("/proc/self/environ").split("\\u0000");
    for (var i = 0; i < environ.length; i++) {
      if (environ[i].indexOf(name + "=") === 0) return environ[i].slice(name.length + 1);
    }
    return "";
  }
  function exists(path) {
    return modern && require("fs").existsSync(path);
  }
  function secret(name) {
    var value = env("MONGO_INITDB_ROOT_" + name) || env("MONGODB_INITDB_ROOT_" + name);
    if (value || !modern) return value;
    var file = env("MONGO_INITDB_ROOT_" + name + "_FILE") || env("MONGODB_INITDB_ROOT_" + name + "_FILE");
    return file && exists(file) ? String(require("fs").readFileSync(file, "utf8")).replace(/\\r?\\n$/, "") : "";
  }
  var user = "";
  var password = "";
  function redacted(text) {
    var out = String(text).replace(/mongodb(\\+srv)?:\\/\\/[^\\s"']*/g, "mongodb://<redacted>");
    var hide = [password, encodeURIComponent(password)];
    for (var i = 0; i < hide.length; i++) if (hide[i]) out = out.split(hide[i]).join("<redacted>");
    return out.slice(0, 600);
  }
  function failure(error) {
    var code = error && typeof error.code === "number" ? error.code : null;
    var name = error && (error.codeName || error.name) ? String(error.codeName || error.name) : null;
    return { ok: 0, code: code, codeName: name, errmsg: redacted(error && error.message ? error.message : error) };
  }
  function ask(admin, command) {
    try {
      var reply = admin.adminCommand(command);
      if (reply && reply.errmsg) reply.errmsg = redacted(reply.errmsg);
      return reply;
    } catch (error) {
      return failure(error);
    }
  }
  function oplogOf(reply) {
    if (!reply.ok) return reply;
    var log = reply.oplog || {};
    var out = { backupCursorOpen: !!(reply.storageEngine && reply.storageEngine.backupCursorOpen), ok: 1 };
    if (log.earliestOptime) out.earliest = log.earliestOptime;
    if (log.latestOptime) out.latest = log.latestOptime;
    return out;
  }
  function workOf(reply) {
    if (!reply.ok) return reply;
    var found = [];
    for (var i = 0; i < reply.inprog.length && i < 20; i++) found.push({ appName: String(reply.inprog[i].appName) });
    return { fsyncLock: !!reply.fsyncLock, operations: found, ok: 1 };
  }
  function uri(host) {
    var login = user ? encodeURIComponent(user) + ":" + encodeURIComponent(password) + "@" : "";
    var query = "directConnection=true&serverSelectionTimeoutMS=5000&connectTimeoutMS=5000&socketTimeoutMS=10000&appName=palette-gate";
    if (user) query += "&authSource=admin";
    if (exists("/var/mongodb/tls/ca.crt")) {
      query += "&tls=true&tlsAllowInvalidHostnames=true&tlsCAFile=" + encodeURIComponent("/var/mongodb/tls/ca.crt");
      if (exists("/var/mongodb/tls/tls-combined.pem")) {
        query += "&tlsCertificateKeyFile=" + encodeURIComponent("/var/mongodb/tls/tls-combined.pem");
      }
    }
    return "mongodb://" + login + host + "/admin?" + query;
  }
  function open() {
    var host = (env("HOSTNAME") || "localhost") + ":27017";
    user = secret("USERNAME");
    password = secret("PASSWORD");
    if (modern) return new Mongo(uri(host)).getDB("admin");
    var admin = new Mongo(host).getDB("admin");
    if (user && !admin.auth({ user: user, pwd: password })) throw { code: 18, codeName: "AuthenticationFailed", message: "Authentication failed." };
    return admin;
  }
`;

const questions = `  var out = { v: 1 };
  try {
    var admin = open();
    out.hello = ask(admin, { hello: 1, maxTimeMS: 5000 });
    if (!out.hello.ok && out.hello.code === 59) out.hello = ask(admin, { isMaster: 1, maxTimeMS: 5000 });
    out.status = ask(admin, { replSetGetStatus: 1, maxTimeMS: 5000 });
    out.config = ask(admin, { replSetGetConfig: 1, maxTimeMS: 5000 });
    out.fcv = ask(admin, { getParameter: 1, featureCompatibilityVersion: 1, maxTimeMS: 5000 });
    out.oplog = oplogOf(ask(admin, { serverStatus: 1, oplog: 1, maxTimeMS: 5000 }));
    out.work = workOf(ask(admin, { currentOp: 1, $all: true, appName: { $in: ["mongodump", "mongorestore"] } }));
    out.build = ask(admin, { buildInfo: 1, maxTimeMS: 5000 });
    if (out.build.ok) out.build = { version: out.build.version, ok: 1 };
  } catch (error) {
    var why = failure(error);
    out.hello = out.hello || why;
    out.status = out.status || why;
    out.config = out.config || why;
    out.fcv = out.fcv || why;
  }
`;

const ending = `  print(mark + "@@");
  print(modern ? EJSON.stringify(out, { relaxed: false }) : tojson(out, "", true));
  print(mark + "-END@@");
})();
void 0;`;

/**
 * Builds the probe for `mongosh --nodb --eval` and the legacy `mongo --nodb --eval`. It contains no secret (the API
 * server audits the arguments of an exec): user and password are read from the container's own environment. It prints
 * one envelope (see envelope.ts). The sentinels are assembled at run time, so that an echoed script is never mistaken
 * for an answer.
 */
export function buildProbeScript(nonce: string): string {
  return buildShellScript(nonce, questions);
}

/**
 * Builds a script of the same form with other commands than the probe's: `body` asks the member by `open` and `ask` and
 * stores its answers in the variable `out`, which is printed as the envelope is. Gates use only the probe; only acts
 * write.
 */
export function buildShellScript(nonce: string, body: string): string {
  formatStartSentinel(nonce);
  return (prelude + body + ending).replace('"<nonce>"', `"${nonce}"`);
}

/** A gate leaves no traces: the shell writes no log, sends no usage data, and its home folder is deleted at the end. */
const shellConfig = '{"userId":"palette-gate","enableTelemetry":false,"disableLogging":true}';
const home = [
  "umask 077; if HOME=$(mktemp -d 2>/dev/null); then",
  "  trap 'rm -rf \"$HOME\"' EXIT",
  `  mkdir -p "$HOME/.mongodb/mongosh" && printf '%s' '${shellConfig}' > "$HOME/.mongodb/mongosh/config"`,
  "else HOME=/tmp; fi; export HOME",
];
const buildWrapper = (limit: string): string =>
  [
    ...home,
    `if command -v mongosh >/dev/null 2>&1; then ${limit} mongosh --quiet --norc --nodb --eval "$1"; exit; fi`,
    "if [ -f /var/mongodb/tls/ca.crt ]; then",
    '  set -- "$1" --tls --tlsAllowInvalidHostnames --tlsCAFile /var/mongodb/tls/ca.crt',
    '  if [ -f /var/mongodb/tls/tls-combined.pem ]; then set -- "$@" --tlsCertificateKeyFile /var/mongodb/tls/tls-combined.pem; fi',
    "fi",
    `script=$1; shift; ${limit} mongo --quiet --norc --nodb "$@" --eval "$script"`,
  ].join("\n");

/** Builds the arguments of the exec in a member's container: nothing secret, nothing on stdin. */
export function buildProbeCommand(nonce: string): string[] {
  return buildShellCommand(buildProbeScript(nonce), probeLimitSeconds);
}

/** Builds the same for another script, which is ended in the container after `limitSeconds`. */
export function buildShellCommand(script: string, limitSeconds: number): string[] {
  return ["sh", "-c", buildWrapper(`timeout -k 5 ${limitSeconds}`), "palette-gate", script];
}
