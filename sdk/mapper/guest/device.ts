import { Bytes } from "./bytes";
import { Config } from "./config";

/** One property of the device's model. Its index names it to the host. */
export class Property {
  name: string;
  type: string;
  access: string;
  everyMs: i32;
  /** NaN: no limit. */
  minimum: f64;
  maximum: f64;

  constructor(private config: Config, public index: i32) {
    let at = "property." + index.toString();
    this.name = config.text(at + ".name");
    this.type = config.text(at + ".type");
    this.access = config.text(at + ".access");
    this.everyMs = config.integer(at + ".every", 1000);
    this.minimum = config.number(at + ".minimum");
    this.maximum = config.number(at + ".maximum");
  }

  get isRead(): bool {
    return this.access != "write";
  }

  get isWritten(): bool {
    return this.access != "read";
  }

  hasVisit(field: string): bool {
    return this.config.has(this.path(field));
  }

  /** What the model says under `visit`; the empty string when there is nothing. */
  visit(field: string): string {
    return this.config.text(this.path(field));
  }

  /** NaN when there is none or it is no number. */
  visitNumber(field: string): f64 {
    return this.config.number(this.path(field));
  }

  private path(field: string): string {
    return "property." + this.index.toString() + ".visit." + field;
  }
}

/** The device a mapper is started for. */
export class Device {
  private config: Config;
  name: string;
  properties: Property[] = [];

  constructor(bytes: Bytes) {
    let config = new Config(bytes);
    this.config = config;
    this.name = config.text("device");
    let count = config.integer("properties", 0);
    for (let index = 0; index < count; ++index) this.properties.push(new Property(config, index));
  }

  /** The URL that `open` accepts, by kind, for instance `tcp`; empty when nothing is granted. */
  grant(kind: string): string {
    return this.config.text("grant." + kind);
  }

  /** What the device says under `connection`. */
  connection(path: string): string {
    return this.config.text("connection." + path);
  }

  connectionInteger(path: string, otherwise: i32): i32 {
    return this.config.has("connection." + path) ? this.config.integer("connection." + path, -1) : otherwise;
  }
}
