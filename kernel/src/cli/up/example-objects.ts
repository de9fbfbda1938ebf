import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { parseAllDocuments, stringify } from "yaml";
import type { Home } from "../home.ts";
import type { Cluster } from "./cluster.ts";

const deviceName = "meter-1";

/**
 * The DeviceModel and Device of the simulated meter. They are applied once, when the home is new, so
 * that what a user changed or deleted stays so; when the meter's port changed, an existing Device is
 * given the new one.
 */
export class ExampleObjects {
  readonly #home: Home;
  readonly #examples: string;

  /** @param examples the folder with `model.yaml` and `device.yaml` */
  constructor(home: Home, examples: string) {
    this.#home = home;
    this.#examples = examples;
  }

  /**
   * Gives whether there is a device to wait for.
   * @throws Error with what the API server said when an object is refused
   */
  async bringAbout(cluster: Cluster, meterPort: number): Promise<boolean> {
    const marker = this.#home.file("examples-applied");
    const isNew = !existsSync(marker);
    if (isNew) await cluster.apply(`${this.#examples}/model.yaml`);
    else if ((await cluster.get("devices", deviceName)) === undefined) return false;
    if (isNew || (await readFile(marker, "utf8")) !== String(meterPort)) await this.#applyDevice(cluster, meterPort);
    await writeFile(marker, String(meterPort));
    return true;
  }

  async #applyDevice(cluster: Cluster, meterPort: number): Promise<void> {
    const [document] = parseAllDocuments(await readFile(`${this.#examples}/device.yaml`, "utf8"));
    document?.setIn(["spec", "connection", "tcp", "port"], meterPort);
    const file = this.#home.file("meter-1.yaml");
    await writeFile(file, stringify(document));
    await cluster.apply(file);
  }
}
