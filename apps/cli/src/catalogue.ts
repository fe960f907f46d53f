import type { Command } from './line/spec.ts';

export interface Entry {
  readonly summary: string;
  /** A command is loaded when it is used: the others do not slow it down. */
  readonly load: () => Promise<Command>;
}

/** Every command, in the order of the help. */
export const catalogue: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  [
    'status',
    {
      summary: 'Is it enforced, against whom, until when, and because of what?',
      load: async () => (await import('./commands/status.ts')).status,
    },
  ],
  [
    'timeline',
    {
      summary: 'What happened, in legal order, and how the states ran',
      load: async () => (await import('./commands/timeline.ts')).timeline,
    },
  ],
  [
    'deadlines',
    {
      summary: 'What is due next, and who must act',
      load: async () => (await import('./commands/deadlines.ts')).deadlines,
    },
  ],
  [
    'diff',
    {
      summary: 'What changed between two states of knowledge',
      load: async () => (await import('./commands/diff.ts')).diff,
    },
  ],
  [
    'replay',
    {
      summary: 'How the answer came about, entry by entry',
      load: async () => (await import('./commands/replay.ts')).replay,
    },
  ],
  [
    'what-if',
    {
      summary: 'What entries would change, without recording them',
      load: async () => (await import('./commands/what-if.ts')).whatIf,
    },
  ],
  ['matters', { summary: 'The matters on record', load: async () => (await import('./commands/matters.ts')).matters }],
  [
    'import',
    { summary: 'Load datasets into the log', load: async () => (await import('./commands/import.ts')).importing },
  ],
  ['record', { summary: 'Record one entry', load: async () => (await import('./commands/record.ts')).record }],
  [
    'copy',
    {
      summary: 'Copy a whole log into another store',
      load: async () => (await import('./commands/copy.ts')).copy,
    },
  ],
  [
    'verify',
    {
      summary: 'Was anything altered, dropped or put in afterwards?',
      load: async () => (await import('./commands/verify.ts')).verify,
    },
  ],
  [
    'export',
    {
      summary: 'An answer with its proofs, to be checked offline',
      load: async () => (await import('./commands/export.ts')).exporting,
    },
  ],
  [
    'key create',
    {
      summary: 'Make an access key; it is shown once',
      load: async () => (await import('./commands/key-create.ts')).keyCreate,
    },
  ],
  [
    'key list',
    { summary: 'The keys there are, and were', load: async () => (await import('./commands/key-list.ts')).keyList },
  ],
  ['key revoke', { summary: 'End a key', load: async () => (await import('./commands/key-revoke.ts')).keyRevoke }],
  [
    'watch add',
    {
      summary: 'Be told what changes, and what falls due',
      load: async () => (await import('./commands/watch-add.ts')).watchAdd,
    },
  ],
  ['watch list', { summary: 'Your watches', load: async () => (await import('./commands/watch-list.ts')).watchList }],
  [
    'watch test',
    { summary: 'Try whether you are reached', load: async () => (await import('./commands/watch-test.ts')).watchTest },
  ],
  [
    'watch deliveries',
    {
      summary: 'What became of each alert',
      load: async () => (await import('./commands/watch-deliveries.ts')).watchDeliveries,
    },
  ],
  [
    'watch replay',
    { summary: 'Have alerts sent again', load: async () => (await import('./commands/watch-replay.ts')).watchReplay },
  ],
  [
    'watch remove',
    { summary: 'End a watch', load: async () => (await import('./commands/watch-remove.ts')).watchRemove },
  ],
  ['serve', { summary: 'Start the server', load: async () => (await import('./commands/serve.ts')).serve }],
  [
    'completion',
    {
      summary: 'Print a completion script for a shell',
      load: async () => (await import('./commands/completion.ts')).completion,
    },
  ],
]);

/** First words of commands that have two. */
export const groups: ReadonlySet<string> = new Set(['key', 'watch']);
