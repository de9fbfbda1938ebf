import { readdir } from "node:fs/promises";
import { errorCode } from "@skerry/plugin";
import { ControlClient } from "./control/client.ts";
import type { Home } from "./home.ts";

export interface RunningNode {
  readonly profile: string;
  readonly client: ControlClient;
}

/**
 * The nodes that run in a home, by profile name.
 * @param profiles only these; all when empty
 */
export async function runningNodes(home: Home, profiles: readonly string[] = []): Promise<readonly RunningNode[]> {
  const names = profiles.length > 0 ? profiles : await folders(home.path);
  const found: RunningNode[] = [];
  for (const profile of [...names].sort()) {
    const client = await ControlClient.open(home.control(profile));
    if (client) found.push({ profile, client });
  }
  return found;
}

async function folders(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}
