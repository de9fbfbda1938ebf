import { Bytes } from "./bytes";
import { Config } from "./config";

/** One property of the device's model. Its index names it to the host. */
export class Property {
  name: string = "";
  type: string = "";
  access: string = "";
  everyMs: i32 = 1000;
  /** NaN: no limit. */
  minimum: f64 = NaN;
  maximum: f64 = NaN;

  /** @param prefix `property.<index>.`, with which the lines from `first` on, before `last`, begin */
  constructor(private config: Config, public index: i32, private prefix: string, private first: i32, private last: i32) {
    this.name = config.value(this.line("name"));
    this.type = config.value(this.line("type"));
    this.access = config.value(this.line("access"));
    this.everyMs = config.integer(this.line("every"), 1000);
    this.minimum = config.number(this.line("minimum"));
    this.maximum = config.number(this.line("maximum"));
  }

  get isRead(): bool {
    return this.access != "write";
  }

  get isWritten(): bool {
    return this.access != "read";
  }

  hasVisit(field: string): bool {
    return this.visitLine(field) >= 0;
  }

  /** What the model says under `visit`; the empty string when there is nothing. `field` is ASCII. */
  visit(field: string): string {
    return this.config.value(this.visitLine(field));
  }

  /** NaN when there is none or it is no number. */
  visitNumber(field: string): f64 {
    return this.config.number(this.visitLine(field));
  }

  private line(path: string): i32 {
    return this.config.find(this.first, this.last, this.prefix, path);
  }

  private visitLine(field: string): i32 {
    let at = this.prefix.length;
    for (let line = this.first; line < this.last; ++line) {
      if (this.config.begins(line, "visit.", at) && this.config.ends(line, field, at + 6)) return line;
    }
    return -1;
  }
}

/** The device a mapper is started for. */
export class Device {
  properties: Property[] = [];
  private config: Config;
  /** Lines before those of the properties. */
  private ownLines: i32;

  constructor(bytes: Bytes) {
    let config = new Config(bytes);
    this.config = config;
    let line = 0;
    while (line < config.count && !config.begins(line, "property.", 0)) ++line;
    this.ownLines = line;
    while (line < config.count) {
      let index = this.properties.length;
      let prefix = "property." + index.toString() + ".";
      let first = line;
      while (line < config.count && config.begins(line, prefix, 0)) ++line;
      if (line == first) break;
      this.properties.push(new Property(config, index, prefix, first, line));
    }
  }

  /** `namespace/name`. */
  get name(): string {
    return this.config.value(this.line("", "device"));
  }

  /** The URL that `open` accepts, by kind, for instance `tcp`; empty when nothing is granted. */
  grant(kind: string): string {
    return this.config.value(this.line("grant.", kind));
  }

  /** What the device says under `connection`. `path` is ASCII. */
  connection(path: string): string {
    return this.config.value(this.line("connection.", path));
  }

  /** `otherwise` when the device says nothing; -1 when it says something that is no integer of 32 bits. */
  connectionInteger(path: string, otherwise: i32): i32 {
    let line = this.line("connection.", path);
    return line < 0 ? otherwise : this.config.integer(line, -1);
  }

  private line(prefix: string, path: string): i32 {
    return this.config.find(0, this.ownLines, prefix, path);
  }
}
