import type { Kube } from "../e2e/clients.ts";
import { eventually } from "../e2e/skerry.ts";
import { Ledger } from "./ledger.ts";
import { LimitWriter } from "./limit-writer.ts";

/** A cloud, an edge node and a meter, as a fault's judge needs them. */
export interface UnderFault {
  /** URL of the edge node's bus. */
  mqtt(): Promise<string>;
  /** Address of the meter, `host:port`. */
  meter(): Promise<string>;
  kube(): Promise<Kube>;
  /** Waits until both sides say that they agree; gives the milliseconds. */
  agree(seconds: number): Promise<number>;
}

/** Runs a fault while a writer writes, and judges what became of all that was acknowledged. */
export async function underFault(
  name: string,
  node: UnderFault,
  fault: (ledger: Ledger) => Promise<void>,
): Promise<Ledger> {
  const ledger = new Ledger(name);
  await judged(ledger, node, fault);
  ledger.print();
  return ledger;
}

/** One of several faults whose counts add up. */
export async function judged(
  ledger: Ledger,
  node: UnderFault,
  fault: (ledger: Ledger) => Promise<void>,
): Promise<void> {
  const writer = new LimitWriter(await node.mqtt(), ledger);
  writer.start(() => node.kube());
  try {
    await fault(ledger);
  } finally {
    await writer.stop();
  }
  await node.agree(30);
  const meter = await node.meter();
  await eventually(
    "what was acknowledged",
    async () => {
      await writer.judge(await node.kube(), meter);
      return true;
    },
    5,
  ).catch((error: unknown) => {
    ledger.lose();
    process.stdout.write(`lost: ${error instanceof Error ? (error.cause ?? error.message) : error}\n`);
  });
}
