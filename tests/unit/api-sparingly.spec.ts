import { expect, it } from '@jest/globals';
import { sparingly } from '../../apps/api/src/composition/sparingly.ts';

it('says each line of an outage at once, and again only after ten seconds', () => {
  let now = 0;
  const said: string[] = [];
  const say = sparingly(
    (line) => said.push(`${now} ${line}`),
    () => now,
  );
  for (now = 0; now <= 21_000; now += 100) {
    say('Reading failed.');
    if (now === 500) say('Appending failed.');
  }
  expect(said).toEqual([
    '0 Reading failed.',
    '500 Appending failed.',
    '10000 Reading failed.',
    '20000 Reading failed.',
  ]);
});

it('keeps no more lines than it must', () => {
  const said: string[] = [];
  const say = sparingly(
    (line) => said.push(line),
    () => 0,
  );
  for (let number = 0; number < 300; number += 1) say(`Line ${number}.`);
  say('Line 299.');
  say('Line 0.');
  expect(said).toHaveLength(301);
});
