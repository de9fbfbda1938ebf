import { Mqtt } from "../e2e/clients.ts";
import { eventually } from "../e2e/skerry.ts";

const voltage = "skerry/default/meter-1/reported/voltage";

/** Waits for values of the device that are polled from now on; retained ones do not count. */
export async function valuesGoOn(bus: string, count = 2): Promise<void> {
  await using client = await Mqtt.connect(bus, voltage);
  const fresh = () => client.messages.filter(({ retain }) => !retain).length;
  await eventually("new voltages", async () => (fresh() >= count ? true : undefined), 10);
}
