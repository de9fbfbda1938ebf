import { hostname } from "node:os";
import { join as joinPath } from "node:path";
import { Enrolment, type NodeInfo } from "@skerry/contracts";
import { errorMessage } from "@skerry/plugin";
import { parseOptions } from "../arguments.ts";
import type { BuiltProfile } from "../bundles.ts";
import { errors } from "../errors.ts";
import { Home } from "../home.ts";
import { processOutput } from "../output.ts";
import { version } from "../version.ts";
import { joinUsage } from "./join-usage.ts";
import { NodeFolder } from "./node-folder.ts";
import { readToken } from "./read-token.ts";

/**
 * `skerry join`: makes this machine an edge node of that cloud. The folder of the node gets a key, which stays there, its
 * certificate, the authorities to trust, and settings with which `skerry edge` starts.
 */
export async function join(argv: readonly string[], profile: BuiltProfile): Promise<number> {
  const { values, positionals } = parseOptions(argv, {
    home: { type: "string" },
    name: { type: "string" },
    token: { type: "string" },
    "token-file": { type: "string" },
  });
  const [url, ...rest] = positionals;
  if (url === undefined || rest.length > 0) {
    throw errors.create("SKERRY_CLI_USAGE", { problem: `usage: skerry join ${joinUsage}` });
  }
  const token = await readToken(values.token, values["token-file"]);
  const home = new Home(values.home);
  const folder = new NodeFolder(home.node("edge"));
  const name = await nameFor(folder, values.name);
  const key = await folder.pendingKey();

  const enrolled = await withEnrolment(profile, home.node("edge"), (enrolment, signal) =>
    enrolment.join({ url, token, name, hostname: hostname().toLowerCase(), key }, signal),
  );
  const mappers = joinPath(__dirname, "../mappers");
  await folder.settle({ ...enrolled, key, url, mappers });
  const { out } = processOutput;
  out(`✓ ${url} is the cloud that the token names (authority sha256:${enrolled.authority})\n`);
  out(
    `✓ this machine is its node ${enrolled.node}; the certificate is valid until ${enrolled.validUntil}, and renews itself\n`,
  );
  out(`\nStart the node:\n\n  skerry edge --home ${home.path}\n`);
  return 0;
}

/** A folder that is a node's already stays that node's: what it holds would be another's. */
async function nameFor(folder: NodeFolder, wanted: string | undefined): Promise<string | undefined> {
  const current = await folder.node();
  if (current !== undefined && wanted !== undefined && wanted !== current) {
    throw errors.create("SKERRY_CLI_OTHER_NODE", { folder: folder.path, current, wanted });
  }
  return wanted ?? current;
}

async function withEnrolment<T>(
  profile: BuiltProfile,
  home: string,
  task: (enrolment: Enrolment, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort(new Error(signal)));
  const node: NodeInfo = { name: hostname(), profile: "join", home, programs: __dirname, version };
  const kernel = await profile.open(node, stop.signal).catch((error: unknown) => {
    throw error instanceof AggregateError ? (error.errors[0] ?? new Error(errorMessage(error))) : error;
  });
  try {
    return await task(kernel.service(Enrolment), stop.signal);
  } finally {
    await kernel.stop();
  }
}
