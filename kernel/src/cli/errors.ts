import { defineErrors } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_CLI_USAGE: {
    family: "misuse",
    message: "{problem}",
    advice: "See `skerry help`.",
  },
  SKERRY_CLI_BAD_FILE: {
    family: "settings",
    message: "{file}: {problem}",
    advice: "Correct the file; docs/reference/settings.md shows its form.",
  },
  SKERRY_CLI_UNKNOWN_PLUGIN: {
    family: "settings",
    message: '{file}: there is no plugin "{plugin}" in profile {profile}; it has: {known}',
    advice: "Correct the name, or use a profile that contains the plugin.",
  },
  SKERRY_CLI_NOT_BUNDLED: {
    family: "manifest",
    message: "profile {profile} lists {plugin}, which is not in its bundle",
    advice: "Run `npm run build` again.",
  },
  SKERRY_CLI_ALREADY_RUNNING: {
    family: "conflict",
    message: "a {profile} node already runs in {home} (process {pid})",
    advice: "Stop it first, or give this one another folder with --home.",
  },
  SKERRY_CLI_NOT_RUNNING: {
    family: "unavailable",
    message: "no node runs in {home}",
    advice: "Start one with `npm start`, `skerry cloud` or `skerry edge`, or name its folder with --home.",
  },
  SKERRY_CLI_NO_INSTALLATION: {
    family: "unavailable",
    message: "{home} has no installation: ports.json is missing",
    advice: "Run `npm start` once, or name its folder with --home.",
  },
  SKERRY_CLI_UNKNOWN_COMMAND: {
    family: "misuse",
    message: 'there is no command "{command}"',
    advice: "`skerry help` lists the commands; some exist only while a node runs in the folder given with --home.",
  },
  SKERRY_CONTROL_FAILED: {
    family: "unavailable",
    message: "the node in {home} did not answer: {problem}",
    advice: "Look at its log; if it is gone, start it again.",
  },
  SKERRY_UP_CHILD_FAILED: {
    family: "unavailable",
    message: "{name} ended with {outcome} before it was ready; its last lines:\n{tail}",
    advice: "The whole log is in {log}.",
  },
  SKERRY_UP_TIMEOUT: {
    family: "deadline",
    message: "{what} did not come true within {seconds} s",
    advice: "Look at the logs in {logs}.",
  },
  SKERRY_CLI_OTHER_NODE: {
    family: "settings",
    message: "the folder {folder} is that of the node {current}, not of {wanted}",
    advice: "Leave out --name to join it again as {current}, or give the new node a --home of its own.",
  },
});
