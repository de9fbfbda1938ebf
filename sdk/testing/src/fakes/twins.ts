import type {
  Desire,
  DesireOutcome,
  DeviceProperty,
  JsonValue,
  TwinCondition,
  TwinDefinition,
  TwinDriver,
  TwinListener,
  TwinName,
  TwinSession,
  Twins,
} from "@skerry/contracts";

export interface FakeTwinReport {
  readonly twin: TwinName;
  readonly property: string;
  readonly value: JsonValue;
  readonly at: number;
}

export interface FakeTwinSettle {
  readonly twin: TwinName;
  readonly property: string;
  readonly version: string;
  readonly outcome: DesireOutcome;
}

export interface FakeTwinCondition extends TwinCondition {
  readonly twin: TwinName;
}

interface FakeTwin {
  definition: TwinDefinition;
  readonly pending: Map<string, Desire>;
  driver: TwinDriver | undefined;
}

/** Twins in memory: the test puts and removes twins and desires values, and reads what the drivers answered. */
export class FakeTwins implements Twins {
  readonly reports: FakeTwinReport[] = [];
  /** Reports of an unknown property or a wrong type. */
  readonly refused: FakeTwinReport[] = [];
  readonly settles: FakeTwinSettle[] = [];
  readonly conditions: FakeTwinCondition[] = [];
  readonly #twins = new Map<TwinName, FakeTwin>();
  readonly #listeners = new Set<TwinListener>();
  #version = 0;

  /** Adds a twin, or changes its definition. */
  put(definition: TwinDefinition): void {
    const twin = this.#twins.get(definition.name);
    if (twin) twin.definition = definition;
    else this.#twins.set(definition.name, { definition, pending: new Map(), driver: undefined });
    for (const listener of [...this.#listeners]) listener.changed(definition);
  }

  remove(name: TwinName): void {
    if (!this.#twins.delete(name)) return;
    for (const listener of [...this.#listeners]) listener.gone(name);
  }

  /** Desires a value as the cloud or an MQTT client would, and gives its version. */
  desire(name: TwinName, property: string, value: JsonValue): string {
    const twin = this.#known(name);
    const found = propertyOf(twin, property);
    if (found === undefined) throw new Error(`the model of ${name} has no property ${property}`);
    const desire = { property: found, value, version: String(++this.#version).padStart(8, "0") };
    twin.pending.set(property, desire);
    deliver(twin, twin.driver, desire);
    return desire.version;
  }

  /** Whether a driver is attached to the twin. */
  attached(name: TwinName): boolean {
    return this.#twins.get(name)?.driver !== undefined;
  }

  /** The newest value reported for a property. */
  reported(name: TwinName, property: string): JsonValue | undefined {
    return this.reports.findLast((report) => report.twin === name && report.property === property)?.value;
  }

  /** The newest condition of this type. */
  condition(name: TwinName, type: TwinCondition["type"]): FakeTwinCondition | undefined {
    return this.conditions.findLast((condition) => condition.twin === name && condition.type === type);
  }

  watch(listener: TwinListener): Disposable {
    this.#listeners.add(listener);
    for (const twin of [...this.#twins.values()]) listener.changed(twin.definition);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  attach(name: TwinName, driver: TwinDriver): TwinSession {
    const twin = this.#twins.get(name);
    if (twin) {
      twin.driver = driver;
      for (const desire of twin.pending.values()) deliver(twin, driver, desire);
    }
    const current = () => twin !== undefined && twin.driver === driver && this.#twins.get(name) === twin;
    return {
      report: (property, value, at) => {
        if (!twin || !current()) return;
        const found = propertyOf(twin, property);
        const list = found !== undefined && hasType(found, value) ? this.reports : this.refused;
        list.push({ twin: name, property, value, at });
      },
      settle: (property, version, outcome) => {
        if (!twin || !current() || twin.pending.get(property)?.version !== version) return;
        twin.pending.delete(property);
        this.settles.push({ twin: name, property, version, outcome });
      },
      condition: (condition) => {
        if (current()) this.conditions.push({ twin: name, ...condition });
      },
      [Symbol.dispose]: () => {
        if (twin?.driver === driver) twin.driver = undefined;
      },
    };
  }

  #known(name: TwinName): FakeTwin {
    const twin = this.#twins.get(name);
    if (twin === undefined) throw new Error(`there is no twin ${name}`);
    return twin;
  }
}

function propertyOf(twin: FakeTwin, name: string): DeviceProperty | undefined {
  return twin.definition.model.spec.properties.find((property) => property.name === name);
}

/** A driver is never called before `attach` gave it its session. */
function deliver(twin: FakeTwin, driver: TwinDriver | undefined, desire: Desire): void {
  queueMicrotask(() => {
    if (driver === undefined || twin.driver !== driver) return;
    if (twin.pending.get(desire.property.name) === desire) driver.desire(desire);
  });
}

function hasType({ type }: DeviceProperty, value: JsonValue): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "bytes") return typeof value === "string";
  return value !== null && !Array.isArray(value) && typeof value === type;
}
