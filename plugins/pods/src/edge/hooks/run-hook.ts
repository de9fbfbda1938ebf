import type { Clock } from "@skerry/contracts";
import type { Hook } from "../pod/handler.ts";
import { httpUrl } from "../probes/http-check.ts";
import { addressOf, type ProbeTarget } from "../probes/probe-check.ts";

/** Runs a hook of a container once. Rejects when it failed, or is none; an answer over HTTP is one, whatever its status. */
export async function runHook(hook: Hook, target: ProbeTarget, clock: Clock, timeoutMs: number): Promise<void> {
  const { exec, httpGet, sleep } = hook;
  if (sleep) return new Promise((done) => void clock.after(Math.min(sleep.seconds * 1000, timeoutMs), done));
  if (exec) {
    const { exitCode } = await target.runtime.runInContainer(target.id, exec.command ?? [], timeoutMs);
    if (exitCode !== 0) throw new Error(`command exited with ${exitCode}`);
    return;
  }
  if (httpGet === undefined) throw new Error("invalid handler");
  const { host, port } = addressOf(httpGet, target);
  const { path = "/", httpHeaders: headers = [] } = httpGet;
  await target.network.get({ url: httpUrl({ host, port }, path), headers }, timeoutMs);
}
