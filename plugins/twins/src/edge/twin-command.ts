import { Clock, type Command, type CommandCall, type JsonValue } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { errors } from "../errors.ts";
import type { SetAnswer } from "./desired-effects.ts";
import { propertyOf } from "./desired-entries.ts";
import { type EdgeTwins, EdgeTwinsToken } from "./edge-twins.ts";
import type { Twin } from "./twin.ts";
import { describeTwin, twinLines } from "./twin-text.ts";

/** How long `skerry twin set` waits for the device. */
const waitMs = 10_000;

/** `skerry twin`: reads and sets the values of a device of this node. */
export class TwinCommand implements Command {
  readonly name = "twin";
  readonly summary = "Read or set the values of a device of this node";
  readonly usage = "skerry twin get DEVICE [PROPERTY] [-o json] | skerry twin set DEVICE PROPERTY JSON";

  constructor(
    @inject(EdgeTwinsToken) private readonly twins: EdgeTwins,
    @inject(Clock) private readonly clock: Clock,
  ) {}

  async run(call: CommandCall): Promise<number> {
    const { words, json } = readArguments(call.arguments);
    const [verb, device, property, value, ...rest] = words;
    if (verb === "get" && device !== undefined && value === undefined) return this.#get(call, device, property, json);
    if (verb === "set" && device !== undefined && property !== undefined && value !== undefined && rest.length === 0) {
      return this.#set(call, device, property, value);
    }
    call.err(`usage: ${this.usage}\n`);
    return 2;
  }

  #get(call: CommandCall, device: string, property: string | undefined, json: boolean): number {
    const twin = this.#find(device);
    if (property !== undefined) this.#check(twin, property);
    const data = describeTwin(twin, property);
    call.out(json ? `${JSON.stringify(data, undefined, 2)}\n` : twinLines(data, property !== undefined));
    return 0;
  }

  async #set(call: CommandCall, device: string, property: string, text: string): Promise<number> {
    const twin = this.#find(device);
    this.#check(twin, property);
    const outcome = await twin.set(property, parseValue(property, text), {});
    const answer = outcome.state === "pending" ? await this.#settled(twin, outcome, call.signal) : outcome;
    const reason = answer.reason === undefined ? "" : `: ${answer.reason}`;
    call.out(`${twin.name} ${property} ${answer.state}${reason}\n`);
    if (answer.state === "pending") call.out("the device has not answered yet; the value stays desired\n");
    return answer.state === "rejected" || answer.state === "expired" ? 1 : 0;
  }

  #settled(twin: Twin, outcome: SetAnswer & { version?: string }, signal: AbortSignal): Promise<SetAnswer> {
    return new Promise((resolve) => {
      const end = (answer: SetAnswer) => {
        timer[Symbol.dispose]();
        signal.removeEventListener("abort", abort);
        resolve(answer);
      };
      const abort = () => giveUp();
      const timer = this.clock.after(waitMs, () => giveUp());
      signal.addEventListener("abort", abort);
      const waiting = twin.whenSettled(outcome, end);
      const giveUp = () => {
        waiting[Symbol.dispose]();
        end(outcome);
      };
    });
  }

  #find(device: string): Twin {
    const name = device.includes("/") ? device : `default/${device}`;
    const twin = this.twins.get(name);
    if (twin === undefined) throw errors.create("SKERRY_TWINS_UNKNOWN_TWIN", { device: name });
    return twin;
  }

  #check(twin: Twin, property: string): void {
    const model = twin.definition?.model;
    if (model === undefined || propertyOf(model, property) !== undefined) return;
    const known = model.spec.properties.map(({ name }) => name).join(", ");
    throw errors.create("SKERRY_TWINS_UNKNOWN_PROPERTY", { device: twin.name, property, known });
  }
}

function readArguments(words: readonly string[]): { words: string[]; json: boolean } {
  const at = words.indexOf("-o");
  if (at < 0 || words[at + 1] !== "json") return { words: [...words], json: false };
  return { words: words.toSpliced(at, 2), json: true };
}

function parseValue(property: string, text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw errors.create("SKERRY_TWINS_BAD_VALUE", { property, found: text.slice(0, 80) }, error);
  }
}
