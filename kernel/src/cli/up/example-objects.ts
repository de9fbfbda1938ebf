import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { parseAllDocuments, stringify } from "yaml";
import type { ControlClient } from "../control/client.ts";
import type { Home } from "../home.ts";

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
  async bringAbout(cloud: ControlClient, meterPort: number): Promise<boolean> {
    const marker = this.#home.file("examples-applied");
    const isNew = !existsSync(marker);
    if (isNew) await run(cloud, "apply", ["-f", `${this.#examples}/model.yaml`]);
    else if (!(await exists(cloud))) return false;
    if (isNew || (await readFile(marker, "utf8")) !== String(meterPort)) await this.#applyDevice(cloud, meterPort);
    await writeFile(marker, String(meterPort));
    return true;
  }

  async #applyDevice(cloud: ControlClient, meterPort: number): Promise<void> {
    const [document] = parseAllDocuments(await readFile(`${this.#examples}/device.yaml`, "utf8"));
    document?.setIn(["spec", "connection", "tcp", "port"], meterPort);
    const file = this.#home.file("meter-1.yaml");
    await writeFile(file, stringify(document));
    await run(cloud, "apply", ["-f", file]);
  }
}

async function exists(cloud: ControlClient): Promise<boolean> {
  const call = { arguments: ["devices", deviceName, "-o", "json"], directory: "/" };
  return (await cloud.run("get", call, () => undefined)) === 0;
}

async function run(cloud: ControlClient, command: string, args: readonly string[]): Promise<void> {
  let said = "";
  const exit = await cloud.run(command, { arguments: args, directory: "/" }, (message) => {
    said += "err" in message ? message.err : "";
  });
  if (exit !== 0) throw new Error(`skerry ${command} ${args.join(" ")}: ${said.trim()}`);
}
