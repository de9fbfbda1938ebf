export { mapperAbort } from "./abort";
export { Bytes } from "./bytes";
export { Device, Property } from "./device";
export {
  cancelTimer, close, condition, ConditionType, keepState, Level, log, open, reject, reportBoolean, reportInteger,
  reportNumber, reportObject, reportText, settle, Status, timer, trouble, write,
} from "./effects";
export { Desire, Mapper, mount } from "./mapper";
export { Tag, Value } from "./value";
