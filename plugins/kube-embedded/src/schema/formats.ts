import { isIP, isIPv4, isIPv6 } from "node:net";

const label = "[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?";
const hostname = new RegExp(`^(?=.{1,253}$)${label}(\\.${label})*\\.?$`);
const uuid = (version: string) =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$`, "i");
const matching = (pattern: RegExp) => (text: string) => pattern.test(text);

/** Formats of strings that Kubernetes checks; it ignores all others, and so does this server. */
const textFormats: Readonly<Record<string, (text: string) => boolean>> = {
  byte: matching(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && isDate(`${text}T00:00:00Z`),
  "date-time": isDateTime,
  datetime: isDateTime,
  duration: matching(
    /^[-+]?(\d+(\.\d*)?\s*(ns|us|µs|ms|s|m|h|d|w|(milli|micro|nano)?sec(ond)?s?|minutes?|hours?|days?|weeks?)\s*)+$/,
  ),
  email: matching(/^[^\s@<>]+@[^\s@<>]+$/),
  hostname: matching(hostname),
  ipv4: (text) => isIPv4(text),
  ipv6: (text) => isIPv6(text),
  ip: (text) => isIP(text) !== 0,
  cidr: isCidr,
  mac: matching(/^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$|^[0-9a-f]{2}([:-][0-9a-f]{2}){7}$/i),
  uri: matching(/^([a-z][-a-z0-9+.]*:[^\s]+|\/[^\s]*)$/i),
  uuid: matching(uuid("[0-9a-f]")),
  uuid3: matching(uuid("3")),
  uuid4: matching(uuid("4")),
  uuid5: matching(uuid("5")),
};

const numberFormats: Readonly<Record<string, (number: number) => boolean>> = {
  int32: (number) => number >= -(2 ** 31) && number < 2 ** 31,
  int64: (number) => number >= -(2 ** 63) && number < 2 ** 63,
};

/** Whether a value has a format; true for formats that are unknown or not meant for its type. */
export function hasFormat(value: string | number, format: string): boolean {
  if (typeof value === "number") return own(numberFormats, format)?.(value) ?? true;
  return own(textFormats, format)?.(value) ?? true;
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function isDateTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[-+]\d\d:?\d\d)$/.test(text) && isDate(text.slice(0, 10));
}

/** Refuses days that do not exist, which `Date.parse` carries over into the next month. */
function isDate(text: string): boolean {
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
}

function isCidr(text: string): boolean {
  const [, address = "", prefix = ""] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(prefix) <= (family === 4 ? 32 : 128);
}
