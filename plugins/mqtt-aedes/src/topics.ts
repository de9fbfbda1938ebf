const maximumBytes = 65_535;
/** The broker's matcher takes no more. */
const maximumLevels = 100;

/** Why `topic` cannot be published to (MQTT 3.1.1, section 4.7); `undefined` when it can. */
export function topicProblem(topic: string): string | undefined {
  if (/[+#]/.test(topic)) {
    return "wildcards belong in filters";
  }
  return topic.startsWith("$SYS/") ? "$SYS/ belongs to the broker" : textProblem(topic);
}

/** Why `filter` cannot be subscribed to; `undefined` when it can. */
export function filterProblem(filter: string): string | undefined {
  const levels = filter.split("/");
  if (levels.some((level) => level.length > 1 && /[+#]/.test(level))) {
    return "a wildcard takes a whole level";
  }
  return levels.slice(0, -1).includes("#") ? "# is only the last level" : textProblem(filter);
}

function textProblem(text: string): string | undefined {
  if (text === "") {
    return "it is empty";
  }
  if (/\p{Surrogate}|\uFFFD/u.test(text) || text.includes("\0")) {
    return "it is not well-formed text";
  }
  if (Buffer.byteLength(text) > maximumBytes) {
    return `it is longer than ${maximumBytes} bytes`;
  }
  return text.split("/").length > maximumLevels ? `it has more than ${maximumLevels} levels` : undefined;
}

/** Whether a valid filter matches a topic. A leading wildcard does not match topics that begin with `$`. */
export function filterMatches(filter: string, topic: string): boolean {
  const wanted = filter.split("/");
  const levels = topic.split("/");
  if (topic.startsWith("$") && (wanted[0] === "+" || wanted[0] === "#")) {
    return false;
  }
  for (const [index, level] of wanted.entries()) {
    if (level === "#") {
      return true;
    }
    if (index >= levels.length || (level !== "+" && level !== levels[index])) {
      return false;
    }
  }
  return wanted.length === levels.length;
}
