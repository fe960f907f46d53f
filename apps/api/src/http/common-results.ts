import type { Result } from './call.ts';

export const unchanged: Result = { status: 304, about: 'Nothing has changed since the ETag in If-None-Match.' };

export const answers = (about: string, schema: string, ...mediaTypes: string[]): readonly Result[] => [
  { status: 200, about, schema, headers: ['ETag'], ...(mediaTypes.length > 0 && { mediaTypes }) },
  unchanged,
];

export const written = (about: string): readonly Result[] => [
  { status: 201, about, schema: 'Written', headers: ['Location', 'ETag'] },
  {
    status: 200,
    about: 'It was recorded before; the first answer again.',
    schema: 'Written',
    headers: ['Location', 'ETag'],
  },
];

export const writeHeaders = ['If-Match', 'Idempotency-Key'] as const;
