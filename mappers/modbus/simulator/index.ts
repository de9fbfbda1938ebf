export { type DemoMeter, type DemoMeterOptions, startDemoMeter } from "./demo-meter.ts";
