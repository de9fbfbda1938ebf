/**
 * What frames are likely to say, the likeliest last: DEFLATE refers to it. A part of wire version 1: another dictionary
 * is another version.
 */
const text = [
  '"imagePullSecrets":[{"name":"imagePullPolicy":"IfNotPresent","terminationMessagePath":"/dev/termination-log",',
  '"terminationMessagePolicy":"File","securityContext":{"tolerations":[{"effect":"NoExecute","key":"node.kubernetes.io/',
  'not-ready","operator":"Exists","tolerationSeconds":300},{"effect":"NoExecute","key":"node.kubernetes.io/unreachable",',
  '"readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount","serviceAccountName":"default",',
  '"volumes":[{"name":"configMap":{"defaultMode":420,"name":"secret":{"secretName":"projected":{"sources":[{',
  '"dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName":"default-scheduler","enableServiceLinks":true,',
  '"terminationGracePeriodSeconds":30,"runtimeClassName":"wasm","nodeName":"resources":{"limits":{"memory":"Mi","cpu":"',
  '"requests":{"env":[{"name":"value":"valueFrom":{"configMapKeyRef":{"command":["args":["volumeMounts":[{"',
  '"ownerReferences":[{"apiVersion":"apps/v1","blockOwnerDeletion":true,"controller":true,"kind":"ReplicaSet","name":"',
  '"annotations":{"generation":1,"labels":{"app":"pod-template-hash":"binaryData":{"data":{"type":"Opaque"',
  '{"apiVersion":"devices.skerry.dev/v1alpha1","kind":"DeviceModel","spec":{"mapper":"modbus","properties":[{"access":"',
  'readWrite","every":"1s","maximum":"minimum":"type":"number","unit":"visit":{"address":0,"as":"float32","table":"input"',
  '{"apiVersion":"devices.skerry.dev/v1alpha1","kind":"Device","spec":{"connection":{"tcp":{"host":"127.0.0.1","port":',
  '502},"unit":1},"desired":{"model":"',
  '{"apiVersion":"v1","kind":"Secret","metadata":{"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"namespace":"',
  'kube-system","{"apiVersion":"v1","kind":"Pod","metadata":{"creationTimestamp":"2026-01-01T00:00:00Z","uid":"',
  '"events":[{"count":1,"fieldPath":"spec.containers{","first":"last":"message":"Started container ","reason":"Started",',
  '"reason":"Pulled","reason":"BackOff","type":"Normal"},{"type":"Warning"}],"released":false,"status":{"phase":"Pending"',
  '"exitCode":0,"finishedAt":"reason":"Completed","reason":"Error","waiting":{"message":"reason":"CrashLoopBackOff"',
  '"startTime":"podIP":"hostIP":"podIPs":[{"ip":"hostIPs":[{"ip":"initContainerStatuses":[{"containerStatuses":[{"',
  'containerID":"wasm://containerd://","image":"imageID":"lastState":{"terminated":{"name":"ready":true,"restartCount":0,',
  '"started":true,"state":{"running":{"startedAt":"phase":"Running","qosClass":"BestEffort"',
  '"capacity":{"ephemeral-storage":"allocatable":{"pods":"110","nodeInfo":{"kubeletVersion":"addresses":[{"address":"',
  'type":"InternalIP"},{"type":"Hostname"}],"conditions":[{"lastHeartbeatTime":"lastTransitionTime":"2026-01-01T00:00:00Z',
  '","message":"","reason":"KubeletReady","status":"False","type":"MemoryPressure"},{"status":"True","type":"Initialized"},{',
  '"status":"True","type":"ContainersReady"},{"status":"True","type":"Ready"},{"type":"PodScheduled"}]',
  '"conditions":[{"message":"reason":"Connected","status":"True","type":"Connected"},{"reason":"MapperLoaded","status":"True",',
  '"type":"MapperReady"},{"reason":"AllValid","status":"True","type":"ValuesValid"}]',
  '"state":"pending","state":"applied","state":"rejected","reason":"origin":"cloud","origin":"edge","desired":{},',
  '"observedGeneration":1,"uid":"reported":{"value":true,"at":"2026-01-01T00:00:00.000Z","version":"',
].join("");

export const dictionary: Uint8Array = Buffer.from(text);
