import { badRequest } from "../api/status-error.ts";
import { deepestJson } from "../limits.ts";

/**
 * Walks a JSON text that has already been parsed, for what parsing hides: keys that appear twice in an
 * object (returned as paths), nesting beyond the limit, integers that a double cannot hold, and the key
 * `__proto__` (the last three are refused with `400`).
 */
export function scanJson(text: string): readonly string[] {
  const duplicates: string[] = [];
  const frames: Frame[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    const frame = frames.at(-1);
    if (char === "{" || char === "[") {
      if (frames.length === deepestJson) throw badRequest(`the body is nested deeper than ${deepestJson} levels`);
      frames.push(char === "{" ? { keys: new Set(), key: "", index: 0 } : { keys: undefined, key: "", index: 0 });
      isKey = char === "{";
    } else if (char === "}" || char === "]") {
      frames.pop();
      isKey = false;
    } else if (char === ",") {
      if (frame !== undefined && frame.keys === undefined) frame.index++;
      isKey = frame?.keys !== undefined;
    } else if (char === '"') {
      const end = endOfString(text, at);
      if (isKey && frame?.keys !== undefined) {
        frame.key = JSON.parse(text.slice(at, end + 1)) as string;
        if (frame.key === "__proto__")
          throw badRequest("the body contains the key __proto__, which no object may have");
        if (frame.keys.has(frame.key)) duplicates.push(pathOf(frames));
        frame.keys.add(frame.key);
        isKey = false;
      }
      at = end;
    } else if (char !== undefined && (char === "-" || (char >= "0" && char <= "9"))) {
      at = endOfNumber(text, at) - 1;
    }
  }
  return duplicates;
}

interface Frame {
  /** `undefined` in an array. */
  readonly keys: Set<string> | undefined;
  key: string;
  index: number;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && "0123456789+-.eE".includes(text[at] ?? "")) at++;
  const number = text.slice(start, at);
  if (number.length > 15 && /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number))) {
    throw badRequest(`the integer ${number.slice(0, 40)} is beyond ±(2^53 - 1), which this server cannot hold exactly`);
  }
  return at;
}

function pathOf(frames: readonly Frame[]): string {
  return frames.reduce((path, frame) => {
    if (frame.keys === undefined) return `${path}[${frame.index}]`;
    return path === "" ? frame.key : `${path}.${frame.key}`;
  }, "");
}
