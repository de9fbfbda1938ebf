const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** A duration as kubectl prints ages: two units while they matter, `<invalid>` for the future. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 2 * minute) return `${seconds}s`;
  if (seconds < 10 * minute) return twoUnits(seconds, minute, "m", 1, "s");
  if (seconds < 3 * hour) return `${whole(seconds, minute)}m`;
  if (seconds < 8 * hour) return twoUnits(seconds, hour, "h", minute, "m");
  if (seconds < 2 * day) return `${whole(seconds, hour)}h`;
  if (seconds < 8 * day) return twoUnits(seconds, day, "d", hour, "h");
  if (seconds < 2 * year) return `${whole(seconds, day)}d`;
  if (seconds < 8 * year) return twoUnits(seconds, year, "y", day, "d");
  return `${whole(seconds, year)}y`;
}

/** How long ago an RFC 3339 time was; `<unknown>` without one, `<invalid>` for what is none. */
export function ageOf(time: unknown, now: Date): string {
  if (time === undefined || time === null || time === "") return "<unknown>";
  const then = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isNaN(then) ? "<invalid>" : humanDuration(now.getTime() - then);
}

function twoUnits(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = whole(seconds % large, small);
  return `${whole(seconds, large)}${largeName}${rest === 0 ? "" : `${rest}${smallName}`}`;
}

function whole(seconds: number, unit: number): number {
  return Math.floor(seconds / unit);
}
