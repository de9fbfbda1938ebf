import { statusSectionPoint } from "@skerry/contracts";
import { definePlugin } from "@skerry/plugin";
import { CertificateRenewal, CertificateRenewalToken } from "./certificate-renewal.ts";
import { CertificateSection } from "./certificate-section.ts";
import manifest from "./plugin.json" with { type: "json" };

export const plugin = definePlugin(manifest, (scope) => {
  scope.bind(CertificateRenewalToken, CertificateRenewal);
  scope.run(CertificateRenewal);
  scope.contribute(statusSectionPoint, CertificateSection);
});
