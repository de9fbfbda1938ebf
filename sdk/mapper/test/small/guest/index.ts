// The smallest guest: it answers nothing.
import { Device, Mapper, mount } from "@skerry/mapper/guest";
export * from "@skerry/mapper/guest/exports";

class Small extends Mapper {
  start(device: Device): void {}
}

mount(new Small());
