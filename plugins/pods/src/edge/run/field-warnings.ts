import type { Pod } from "../pod/pod.ts";
import { type UnsupportedField, unsupportedFields } from "../pod/unsupported-fields.ts";
import type { PodEvents } from "../pod-events.ts";
import { messageMount } from "./last-words.ts";

/** Says which fields of a Pod do nothing here, each once. */
export class FieldWarnings {
  /** @param told those that an event has named already; they are added to it */
  constructor(
    private readonly events: PodEvents,
    private readonly told: Set<string>,
  ) {}

  /** @returns those because of which the Pod is not run */
  tell(pod: Pod, isConfined: boolean): readonly UnsupportedField[] {
    const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    const readable = all
      .filter((spec) => messageMount(pod, spec) !== undefined)
      .map(({ name }) => `[${name}].terminationMessagePath`);
    const found = unsupportedFields(pod.spec, isConfined).filter(
      ({ field }) => !readable.some((end) => field.endsWith(end)),
    );
    for (const field of found) {
      if (this.told.has(field.field)) continue;
      this.told.add(field.field);
      this.events.warn("UnsupportedField", sentenceOn(field));
    }
    return found.filter(({ isRefused }) => isRefused);
  }
}

export function sentenceOn({ field, isRefused, note }: UnsupportedField): string {
  return `${field} is not supported by this node${isRefused ? ", and the Pod is not run" : ""}: ${note}`;
}
