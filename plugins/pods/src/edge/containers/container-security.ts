import type { ContainerSecurity, Image } from "@skerry/contracts";
import type { Pod, PodContainer } from "../pod/pod.ts";

/** What a container may do: its own security context over the Pod's. */
export function securityOf({ spec }: Pod, container: PodContainer): ContainerSecurity {
  const [ofPod, own] = [spec.securityContext ?? {}, container.securityContext ?? {}];
  const { runAsUser: user, runAsGroup: group, seccompProfile } = { ...defined(ofPod), ...defined(own) };
  const { add = [], drop = [] } = own.capabilities ?? {};
  return {
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { group }),
    supplementalGroups: ofPod.supplementalGroups ?? [],
    privileged: own.privileged ?? false,
    readOnlyRoot: own.readOnlyRootFilesystem ?? false,
    noNewPrivileges: own.allowPrivilegeEscalation === false,
    capabilities: { add, drop },
    seccomp: seccompProfile?.type === "Unconfined" ? "Unconfined" : "RuntimeDefault",
  };
}

/** Why a container that must not run as root might. In the words of the kubelet. */
export function rootProblem({ spec }: Pod, container: PodContainer, { user: ofImage }: Image): string | undefined {
  const must = container.securityContext?.runAsNonRoot ?? spec.securityContext?.runAsNonRoot ?? false;
  if (!must) return undefined;
  const user = container.securityContext?.runAsUser ?? spec.securityContext?.runAsUser;
  if (user === 0) return "container's runAsUser breaks non-root policy";
  if (user !== undefined || (typeof ofImage === "number" && ofImage !== 0)) return undefined;
  return typeof ofImage === "string"
    ? `container has runAsNonRoot and image has non-numeric user (${ofImage}), cannot verify user is non-root`
    : "container has runAsNonRoot and image will run as root";
}

/** Members that say `null` or nothing say nothing. */
function defined<T extends object>(context: T): T {
  return Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined && value !== null)) as T;
}
