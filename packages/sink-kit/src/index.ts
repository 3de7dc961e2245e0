export type { CopiesToCheck } from './candidate/check-copies.ts';
export { checkCopies } from './candidate/check-copies.ts';
export type { CheckItems, GuiltyItem } from './candidate/find-guilty.ts';
export { findGuiltyItems } from './candidate/find-guilty.ts';
export type { Case, Judge, JudgeOptions, Verdict } from './candidate/judge.ts';
export { createJudge } from './candidate/judge.ts';
export type { RefusedServices } from './candidate/refused-services.ts';
export type { Certificate, CertificateProblem } from './certificates/certificate.ts';
export { isCertificateName } from './certificates/certificate.ts';
export type { CertificateStore, CertificateStoreOptions, CheckCertificates } from './certificates/certificate-store.ts';
export { createCertificateStore } from './certificates/certificate-store.ts';
export type { CertificateWishes } from './certificates/certificate-warnings.ts';
export { describeCertificateWarnings, findDefaultCertificate } from './certificates/certificate-warnings.ts';
export type { CertificateTrial, TryCertificates } from './certificates/check-certificates.ts';
export { checkCertificates } from './certificates/check-certificates.ts';
export { type ClientAuthorities, parseClientAuthorities } from './certificates/client-authorities.ts';
export {
  type AuthorityFiles,
  type ClientAuthorityStore,
  createClientAuthorityStore,
} from './certificates/client-authority-store.ts';
export { formatDay } from './certificates/expiry.ts';
export { listNamedCertificates } from './certificates/named-certificates.ts';
export type { CertificateTexts } from './certificates/parse-certificate.ts';
export { parseCertificate } from './certificates/parse-certificate.ts';
export { readCertificateCopies } from './certificates/read-copies.ts';
export type { CommandOptions, CommandResult } from './command/run-command.ts';
export { runCommand } from './command/run-command.ts';
export { assertConfigWritable } from './config/assert-config-writable.ts';
export type { ConfigReader, OwnedConfig, OwnedConfigOptions, StaleOptions } from './config/owned-config.ts';
export { createOwnedConfig } from './config/owned-config.ts';
export type {
  Circumstances,
  DesiredFit,
  DesiredFitOptions,
  FitOptions,
  FittedDesired,
  PortsToLookAt,
} from './desired/desired-fit.ts';
export { createDesiredFit } from './desired/desired-fit.ts';
export { differsInEndpointsAlone } from './desired/differs-in-endpoints.ts';
export type {
  LookUp,
  ServiceUnit,
  ServiceUnits,
  ServiceUnitsOptions,
  UnitInputs,
  UnitsUpdate,
} from './desired/service-units.ts';
export { createServiceUnits } from './desired/service-units.ts';
export type { TextDiff } from './diff/diff-text.ts';
export { diffText } from './diff/diff-text.ts';
export type { HostAddresses } from './endpoints/host-addresses.ts';
export { createHostAddresses } from './endpoints/host-addresses.ts';
export type { EndpointPlace, PlaceResult } from './endpoints/place-endpoint.ts';
export { placeEndpoint } from './endpoints/place-endpoint.ts';
export { resolveHosts } from './endpoints/resolve-hosts.ts';
export type { SeenFiles } from './files/drift.ts';
export { toFileError } from './files/file-error.ts';
export type { FileFollower, FileFollowerOptions, FilesToFollow } from './files/file-follower.ts';
export { createFileFollower, followLagMs } from './files/file-follower.ts';
export { hashFile, hashTexts, sha256 } from './files/hash.ts';
export type { LastGood, LastGoodOptions } from './files/last-good.ts';
export { createLastGood } from './files/last-good.ts';
export { readLogFrom, rotateLog, sizeOfLog } from './files/log-file.ts';
export type { WriteFileOptions } from './files/write-file.ts';
export { writeFileAtomically } from './files/write-file.ts';
export type { FileSetResult, FileToWrite } from './files/write-file-set.ts';
export { writeFileSet } from './files/write-file-set.ts';
export type { OwnerLock, OwnerLockOptions } from './lock/owner-lock.ts';
export { acquireOwnerLock } from './lock/owner-lock.ts';
export { isProcessAlive } from './lock/process-identity.ts';
export type { TargetLock } from './lock/target-lock.ts';
export { createTargetLock } from './lock/target-lock.ts';
export { nameEndpoint, nameService } from './names/names.ts';
export type { ListenerOptions, ManageOptions, ProxyOptions, ReloadOptions } from './options/proxy-options.ts';
export { assertSocketPath } from './options/socket-path.ts';
export type { TargetOptions, TargetSettings } from './options/target-settings.ts';
export { assertListenersDiffer, settleTarget } from './options/target-settings.ts';
export type {
  CertificateOptions,
  ClientCertificateOptions,
  EndpointTlsOptions,
  ListenerTlsOptions,
  VerifyingTlsOptions,
} from './options/tls-options.ts';
export type { CertificateSettings, Listener, ListenerTls, TlsSettings } from './options/tls-settings.ts';
export { applyOnce } from './plan/apply-once.ts';
export type { ProxySinkOptions } from './plan/proxy-sink.ts';
export { createProxySink } from './plan/proxy-sink.ts';
export { targetChanged } from './plan/target-changed.ts';
export { createWriterId } from './plan/writer-id.ts';
export type { ServicePortOptions } from './ports/claim-service-port.ts';
export { claimServicePort } from './ports/claim-service-port.ts';
export { findOccupiedPorts } from './ports/occupied-ports.ts';
export type { Reload, ReloadGate, ReloadGateOptions } from './reload/reload-gate.ts';
export { createReloadGate, toGateOptions } from './reload/reload-gate.ts';
export type { Structure, StructureSwap, StructureSwapOptions, Swap } from './reload/structure-swap.ts';
export { createStructureSwap } from './reload/structure-swap.ts';
export type { CheckedBasicAuth } from './routes/check-basic-auth.ts';
export { checkBasicAuth } from './routes/check-basic-auth.ts';
export type { RouteCondition, RouteConditions } from './routes/check-conditions.ts';
export { checkConditions } from './routes/check-conditions.ts';
export type { CheckedHeaderEdits, HeaderWrite } from './routes/check-header-edits.ts';
export { checkHeaderEdits } from './routes/check-header-edits.ts';
export type { CheckedRedirect } from './routes/check-redirect.ts';
export { checkRedirect } from './routes/check-redirect.ts';
export type { CheckedRewrite } from './routes/check-rewrite.ts';
export { checkRewrite } from './routes/check-rewrite.ts';
export type { PassthroughClaims, PassthroughOptions } from './routes/claim-passthrough.ts';
export { claimPassthrough, isPassthrough, passthroughProblem } from './routes/claim-passthrough.ts';
export type { FoundSpots, Spot } from './routes/find-spots.ts';
export { findSpots } from './routes/find-spots.ts';
export type { ListenerKinds } from './routes/listener-kinds.ts';
export { listenerKinds } from './routes/listener-kinds.ts';
export type { Candidate, LostClaim, SettledClaims, SpotClaim } from './routes/settle-claims.ts';
export { settleClaims } from './routes/settle-claims.ts';
export type { PassthroughClaimant, SettledPassthrough } from './routes/settle-passthrough.ts';
export { settlePassthrough } from './routes/settle-passthrough.ts';
export { checkAddress } from './text/address.ts';
export { checkHostname } from './text/hostname.ts';
export { inQuotes, oneLine } from './text/one-line.ts';
export { checkPath } from './text/path.ts';
export { checkPort } from './text/port.ts';
export type { TextResult } from './text/text-result.ts';
export type { EndpointState } from './traffic/endpoint-state.ts';
export { endpointStateOf } from './traffic/endpoint-state.ts';
export type { KnownTarget, MarkReader } from './watch/look-for-changes.ts';
export { findFilesReason, lookAtProcess } from './watch/look-for-changes.ts';
