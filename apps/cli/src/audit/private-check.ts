import type { RecordedEvent } from '#libs/event-log';
import type { AuditCheck, CheckOutcome } from '#libs/evidence';
import { isPrivateValue, type PrivateValue, type Vault, VaultError } from '#libs/vault';

/** Leaves cover private values by their hash alone: that what is sealed is still what was hashed, only the secret tells. */
export function privateCheck(vault: Vault | undefined): AuditCheck {
  return {
    name: 'private values',
    async run({ log }): Promise<CheckOutcome> {
      let sealed = 0;
      const differences: { what: string; position: string; event: string }[] = [];
      for await (const event of log.readAll()) {
        for (const [pointer, value] of privateValues(event.data, '')) {
          if (value.sealed === undefined) continue;
          sealed += 1;
          const why = vault && fault(vault, event, value);
          if (why === undefined) continue;
          const what = `at ${pointer} of ${event.stream}: ${why}`;
          differences.push({ what, position: event.position.toString(), event: event.id });
        }
      }
      if (vault === undefined && sealed > 0)
        return { result: 'skipped', detail: `${sealed} sealed values not opened: the secret is not known here` };
      if (differences.length === 0) return { result: 'passed', detail: `${sealed} sealed values are what was hashed` };
      return { result: 'failed', detail: `${differences.length} of ${sealed} sealed values differ`, differences };
    },
  };
}

/** Values are sealed for the stream that they stand in. */
function fault(vault: Vault, { stream }: RecordedEvent, value: PrivateValue): string | undefined {
  const { sealed = '' } = value;
  // RFC 4648 §3.5: a second spelling of the same bytes would open as well.
  if (Buffer.from(sealed, 'base64').toString('base64') !== sealed) return 'A sealed value was altered.';
  try {
    vault.open(value, stream);
    return undefined;
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return error.message;
  }
}

function privateValues(value: unknown, at: string): readonly (readonly [pointer: string, value: PrivateValue])[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isPrivateValue(value)) return [[at, value]];
  return Object.entries(value).flatMap(([key, item]) =>
    privateValues(item, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}
