/** What a key may do beyond reading: recorders write entries, subscribers keep watches, auditors seal and export. */
export const roles = ['recorder', 'subscriber', 'auditor'] as const;
export type Role = (typeof roles)[number];

const known: ReadonlySet<string> = new Set(roles);

export function isRole(text: string): text is Role {
  return known.has(text);
}
