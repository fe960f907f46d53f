export * from './bundle/index.ts';
export * from './core/index.ts';
export { hasSigned, sha256, verifyEd25519 } from './node-crypto.ts';
export { Evidence, type EvidenceOptions, type EvidenceState, type Report } from './evidence.ts';
export { type BundleExport, exportBundle, NothingSealed } from './export-bundle.ts';
export { writeCheckpoint } from './seal/checkpoint-files.ts';
export { Cosigning, CosignatureRefused, witnessKeys } from './seal/cosigning.ts';
export {
  type Erased,
  ERASURE_STREAM,
  type Erasure,
  ErasureRefused,
  Erasing,
  PRIVATE_ERASED,
  type PrivateErased,
} from './seal/erasing.ts';
export { CHECKPOINT_COSIGNED, COSIGNATURE_STREAM, type CheckpointCosigned } from './seal/cosigned.ts';
export { type Sealed, Sealer, type SealerOptions, SealingHeld } from './seal/sealer.ts';
export { SigningKeys } from './seal/signing-keys.ts';
export type { Fault, StoredCheckpoint } from './store/checkpoints.ts';
export { EvidenceStore, type Inclusion } from './store/evidence-store.ts';
export type { StoredLeaf } from './store/leaves.ts';
export { EvidenceUnusable } from './store/schema.ts';
export { audit, type AuditCheck, type AuditOptions } from './audit/audit.ts';
export { verifyLeaves } from './audit/verify-leaves.ts';
export type { AuditReport, CheckOutcome, CheckResult, Finding } from './audit/report.ts';
export type { OutsideCheckpoint } from './audit/signed-for.ts';
