import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseDataset } from '#libs/contract';
import { type Entry, interpret, publicFrom, segmentsOf, type Status } from '#libs/matter';

const page = readFileSync(new URL('../../docs/model.md', import.meta.url), 'utf8');
const file = readFileSync(new URL('../../datasets/us-tiktok.json', import.meta.url), 'utf8');
const { matter, entries: bodies } = parseDataset(JSON.parse(file));
const entries: readonly Entry[] = bodies.map((body) => ({ ...body, id: body.id ?? '' }));

function ask(at: string, publishedBy?: string): Status {
  const known = publishedBy === undefined ? entries : entries.filter((entry) => publicFrom(entry) <= publishedBy);
  return interpret(matter, known, { at, party: 'apple' });
}

/** The cells of a table, header and rule left out. */
function table(firstHeader: string): readonly (readonly string[])[] {
  const lines = page.slice(page.indexOf(`| ${firstHeader}`)).split('\n');
  const rows = lines.slice(2, lines.indexOf(''));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('docs/model.md', () => {
  it.each(table('asked about'))('is right about the headline of %s', (at, text) => {
    expect(ask(at ?? '').headline.text).toBe(text);
  });

  it('is right about what could be known of 10 April 2025, and when', () => {
    for (const { headline } of [ask('2025-04-10'), ask('2025-04-10', '2025-04-03')]) {
      expect(page).toContain(`> \`${headline.code}\`: ${headline.text}`);
    }
  });

  it('is right about the delay of 2020', () => {
    const { headline } = ask('2020-09-22');
    expect(page).toContain(`> \`${headline.code}\`: ${headline.text}`);
  });

  it('is right about the axes of pafaca-2a', () => {
    const { segments } = segmentsOf(matter, entries, { party: 'apple' });
    const shown = new Set(['force', 'applicability', 'enforcement']);
    const said = table('axis').map(([axis, state, from, to]) => [axis?.split(' ')[0], state?.split(' ')[0], from, to]);
    const found = segments
      .filter(({ provision, axis }) => provision === 'pafaca-2a' && shown.has(axis))
      .map(({ axis, state, from, to }) => [axis, state, from, to ?? '']);
    expect(said).toEqual(found);
  });

  it('is right about what comes next', () => {
    const [, json = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
    expect(ask('2025-02-01').next).toContainEqual(expect.objectContaining(JSON.parse(json)));
  });
});
