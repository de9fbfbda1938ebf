import { mount } from "@skerry/mapper/guest";
import { Modbus } from "./modbus";
export * from "@skerry/mapper/guest/exports";

mount(new Modbus());
