import { defineErrors, SkerryError } from "@skerry/plugin";

export const errors = defineErrors({
  SKERRY_BOOT_BAD_MANIFEST: {
    family: "manifest",
    message: "{plugin}: plugin.json: {path}: expected {expected}, found {found}",
    advice: "Correct the manifest; its form is `Manifest` in @skerry/plugin.",
  },
  SKERRY_BOOT_SDK_MISMATCH: {
    family: "manifest",
    message: "{plugin} was written for SDK {range}, this kernel has {version}",
    advice: "Take a release of the plugin for this SDK, or the kernel it was written for.",
  },
  SKERRY_BOOT_DUPLICATE_PLUGIN: {
    family: "settings",
    message: "{plugin} is listed {times} times",
    advice: "Name each plugin once in the profile.",
  },
  SKERRY_BOOT_TWO_PROVIDERS: {
    family: "settings",
    message: "{token} is provided by {first} and by {second}",
    advice: "Keep one of them in the profile.",
  },
  SKERRY_BOOT_TWO_OWNERS: {
    family: "settings",
    message: "the extension point {point} is owned by {first} and by {second}",
    advice: "Keep one of them in the profile.",
  },
  SKERRY_BOOT_NO_PROVIDER: {
    family: "settings",
    message: "{plugin} requires {token}, which no plugin of this profile provides",
    advice: "Add a plugin that provides it to the profile.",
  },
  SKERRY_BOOT_NO_EXTENSION_POINT: {
    family: "settings",
    message: "{plugin} contributes to {point}, which no plugin of this profile owns",
    advice: "Add the plugin that owns the extension point to the profile.",
  },
  SKERRY_BOOT_CYCLE: {
    family: "manifest",
    message: "plugins need each other in a circle: {path}",
    advice: "Break the circle: make one requirement optional data, a contribution, or a third contract.",
  },
  SKERRY_BOOT_NOT_GRANTED: {
    family: "denied",
    message: "{plugin} asks for the capability {capability}, which this profile does not grant",
    advice: "Grant it under the plugin in the profile, deliberately, or leave the plugin out.",
  },
  SKERRY_BOOT_BAD_SETTING: {
    family: "settings",
    message: "{plugin}: {path}: expected {expected}, found {found}",
    advice: "Correct the setting; docs/reference/settings.md lists them all.",
  },
  SKERRY_PLUGIN_LOAD_FAILED: {
    family: "manifest",
    message: "the code of {plugin} could not be loaded: {problem}",
    advice: "Install or build the plugin again.",
  },
  SKERRY_PLUGIN_WRONG_CODE: {
    family: "manifest",
    message: "the code loaded for {plugin} says it is {found}",
    advice: "Install or build the plugin again.",
  },
  SKERRY_PLUGIN_UNDECLARED: {
    family: "manifest",
    message: '{plugin}: {subject} {problem}; add it to "{field}"',
    advice: "A plugin can use only what its plugin.json declares.",
  },
  SKERRY_PLUGIN_BARE_PARAMETER: {
    family: "manifest",
    message: "{plugin}: parameter {index} of the constructor of {subject} says no token",
    advice: "Mark every constructor parameter with inject(token), and give none a default value.",
  },
  SKERRY_PLUGIN_UNPROVIDED: {
    family: "manifest",
    message: "{plugin} declares {id} and its set-up never answers it",
    advice: "Call scope.provide or scope.contribute for it, or take it out of the manifest.",
  },
  SKERRY_PLUGIN_ANSWERED_TWICE: {
    family: "manifest",
    message: "{plugin}: {token} is answered twice: by {first} and by {second}",
    advice: "Answer each contract with one class, and bind only tokens private to the plugin.",
  },
  SKERRY_PLUGIN_GLOBAL_CLASS: {
    family: "manifest",
    message: "{plugin}: {subject} registers itself with the process-wide container",
    advice: "Remove tsyringe's own decorators; the plugin's set-up says what its classes are.",
  },
  SKERRY_PLUGIN_SETUP_OVER: {
    family: "misuse",
    message: "{plugin} went on with its set-up after it returned",
    advice: "Set-up is synchronous and only says which class answers what; input and output belong into start.",
  },
  SKERRY_PLUGIN_SETUP_FAILED: {
    family: "bug",
    message: "the set-up of {plugin} failed: {problem}",
    advice: "Report this to the makers of the plugin.",
  },
  SKERRY_PLUGIN_CONSTRUCT_FAILED: {
    family: "bug",
    message: "{plugin}: {subject} could not be constructed: {problem}",
    advice: "Constructors only store; report this to the makers of the plugin.",
  },
  SKERRY_BOOT_CANCELLED: {
    family: "cancelled",
    message: "the boot was called off: {problem}",
    advice: "Everything that had started was stopped.",
  },
  SKERRY_PLUGIN_START_FAILED: {
    family: "unavailable",
    message: "{plugin} did not start: {problem}",
    advice: "Mend what it names and start the node again.",
  },
  SKERRY_PLUGIN_START_DEADLINE: {
    family: "deadline",
    message: "{plugin} did not start within {ms} ms",
    advice: "See what it waits for; its plugin.json sets the deadline as startWithinMs.",
  },
  SKERRY_PLUGIN_NEEDS_FAILED: {
    family: "unavailable",
    message: "{plugin} did not start because {needed}, which it requires, failed",
    advice: "Mend the plugin it requires.",
  },
  SKERRY_PLUGIN_STOP_FAILED: {
    family: "bug",
    message: "{plugin} did not stop in order: {problem}",
    advice: "Everything else was stopped; report this to the makers of the plugin.",
  },
  SKERRY_KERNEL_TOO_EARLY: {
    family: "misuse",
    message: "{plugin} read the contributions to {point} before the node starts plugins",
    advice: "Read them in start, not in a constructor.",
  },
  SKERRY_KERNEL_UNKNOWN_SERVICE: {
    family: "misuse",
    message: "no plugin of this node provides {token}",
    advice: "Ask only for contracts of the booted profile.",
  },
});

/** Whether an error of the host already says which plugin it is about. */
export function namesPlugin(error: unknown): error is SkerryError {
  return error instanceof SkerryError && error.code.startsWith("SKERRY_PLUGIN_");
}
