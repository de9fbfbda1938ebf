import { among, type Check, isCount, isText, listOf, shape } from "./shape.ts";

const isPort: Check = (value) => isCount(value) || isText(value);
const isPositive: Check = (value) => isCount(value) && value !== 0;

const handlers = {
  exec: shape({ command: listOf(isText) }),
  httpGet: shape({
    host: isText,
    "port!": isPort,
    path: isText,
    scheme: among("HTTP", "HTTPS"),
    httpHeaders: listOf(shape({ "name!": isText, "value!": isText })),
  }),
  tcpSocket: shape({ host: isText, "port!": isPort }),
};

export const probe = shape({
  ...handlers,
  grpc: shape({ "port!": isCount, service: isText }),
  initialDelaySeconds: isCount,
  periodSeconds: isPositive,
  timeoutSeconds: isPositive,
  successThreshold: isPositive,
  failureThreshold: isPositive,
  terminationGracePeriodSeconds: isPositive,
});

const hook = shape({ ...handlers, sleep: shape({ "seconds!": isCount }) });

export const lifecycle = shape({ postStart: hook, preStop: hook });
