import type { CommandResult, WorkloadRuntime } from "@skerry/contracts";
import { errorCode, errorMessage } from "@skerry/plugin";
import type { ContainerPort, Port, Probe } from "../pod/handler.ts";
import { httpCheck } from "./http-check.ts";
import type { ProbeNetwork } from "./probe-network.ts";
import type { ProbeResult } from "./probe-result.ts";

/** Whom a probe asks. */
export interface ProbeTarget {
  readonly runtime: WorkloadRuntime;
  /** Of the container. */
  readonly id: string;
  readonly podIp: string | undefined;
  readonly ports: readonly ContainerPort[];
  readonly network: ProbeNetwork;
}

const longestOutput = 10 * 1024;

/** Makes a probe once. Rejects when it could not be made, which says nothing of the container. */
export async function probeOnce(probe: Probe, target: ProbeTarget): Promise<ProbeResult> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  const { exec, httpGet, tcpSocket, grpc } = probe;
  if (exec) return execCheck(exec.command ?? [], target, timeoutMs);
  const address = addressOf(httpGet ?? tcpSocket ?? grpc, target);
  try {
    if (httpGet) return await httpCheck(httpGet, address, target.network, timeoutMs);
    if (tcpSocket) await target.network.connect(address, timeoutMs);
    else {
      const status = await target.network.health(address, grpc?.service ?? "", timeoutMs);
      if (status !== "SERVING")
        return { outcome: "failure", message: `service unhealthy (responded with "${status}")` };
    }
    return { outcome: "success" };
  } catch (error) {
    return { outcome: "failure", message: errorMessage(error) };
  }
}

async function execCheck(
  command: readonly string[],
  { runtime, id }: ProbeTarget,
  timeoutMs: number,
): Promise<ProbeResult> {
  try {
    const result = await runtime.runInContainer(id, command, timeoutMs);
    return result.exitCode === 0 ? { outcome: "success" } : { outcome: "failure", message: outputOf(result) };
  } catch (error) {
    if (errorCode(error) !== "SKERRY_RUNTIME_TIMED_OUT") throw error;
    return { outcome: "failure", message: errorMessage(error) };
  }
}

function outputOf({ stdout, stderr }: CommandResult): string {
  return Buffer.concat([stdout, stderr]).subarray(0, longestOutput).toString("utf8");
}

/** Where a port of a container is reached; throws what the kubelet says of one that is not there. */
export function addressOf(
  where: { readonly host?: string; readonly port: Port } | undefined,
  { podIp, ports }: Pick<ProbeTarget, "podIp" | "ports">,
): { readonly host: string; readonly port: number } {
  if (where === undefined) throw new Error("missing probe handler");
  const host = where.host || podIp;
  if (host === undefined) throw new Error("the Pod has no address");
  const port =
    typeof where.port === "number"
      ? where.port
      : (ports.find(({ name }) => name === where.port)?.containerPort ?? Number(where.port));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`couldn't find port: "${where.port}"`);
  return { host, port };
}
