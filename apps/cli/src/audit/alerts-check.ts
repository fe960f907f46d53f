import { auditReceipts } from '#libs/alerts';
import type { AuditCheck, CheckOutcome } from '#libs/evidence';

/** What was delivered is what the log gives for it, and in order: nothing but hashes was kept of the bodies. */
export function alertsCheck(): AuditCheck {
  return {
    name: 'alerts',
    async run({ log }): Promise<CheckOutcome> {
      const { alerts, receipts, faults } = await auditReceipts(log);
      const compared = `${receipts} receipts of ${alerts} alerts compared with what the log gives for them`;
      if (faults.length === 0) return { result: 'passed', detail: compared };
      const differences = faults.map(({ what, position, event }) => ({ what, position: position.toString(), event }));
      return { result: 'failed', detail: `${compared}; ${faults.length} differ`, differences };
    },
  };
}
