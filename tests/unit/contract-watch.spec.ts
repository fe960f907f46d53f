import { describe, expect, it } from '@jest/globals';
import { alertKinds } from '#libs/alerts';
import {
  alertKindNames,
  Malformed,
  parseAlertsQuery,
  parseDeliveriesQuery,
  parseReplayBody,
  parseWatch,
  parseWatchChange,
} from '#libs/contract';

const watch = {
  name: 'App stores',
  filter: { matters: ['us-tiktok'], parties: ['app-stores'], jurisdictions: ['US'], kinds: ['deadline-reminder'] },
  leads: ['P30D', 'P1M', 'P0D'],
  channel: { kind: 'webhook', url: 'https://example.org/hook' },
  timeZone: 'Europe/Berlin',
  at: '07:30',
};

function faults<Value>(parse: (value: Value) => unknown, value: Value): readonly string[] {
  try {
    parse(value);
    return [];
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return error.errors.map(({ pointer, parameter }) => pointer ?? parameter ?? '');
  }
}

describe('a watch', () => {
  it('knows the kinds of alerts that there are', () => {
    expect(alertKindNames).toEqual(alertKinds);
  });

  it('is read as it is, with as little as a name and a channel', () => {
    expect(parseWatch(watch)).toEqual(watch);
    const least = { name: 'All', channel: { kind: 'email', to: 'anna@example.org' } };
    expect(parseWatch(least)).toEqual(least);
  });

  it.each([
    [{ name: undefined }, '/name'],
    [{ name: ' ' }, '/name'],
    [{ channel: undefined }, '/channel'],
    [{ channel: { kind: 'pigeon', to: 'x' } }, '/channel/kind'],
    [{ channel: { kind: 'webhook', url: 'ftp://example.org' } }, '/channel/url'],
    [{ channel: { kind: 'webhook', url: 'https://me:pass@example.org' } }, '/channel/url'],
    [{ channel: { kind: 'email', to: 'Anna <anna@example.org>' } }, '/channel/to'],
    [{ channel: { kind: 'email', to: 'a@example.org', url: 'https://example.org' } }, '/channel/url'],
    [{ filter: { matters: [] } }, '/filter/matters'],
    [{ filter: { jurisdictions: ['us'] } }, '/filter/jurisdictions/0'],
    [{ filter: { kinds: ['deadline-reminder', 'gossip'] } }, '/filter/kinds/1'],
    [{ filter: { everything: true } }, '/filter/everything'],
    [{ leads: ['P1D', 'PT3H'] }, '/leads/1'],
    [{ leads: ['P1D', 'P1D'] }, '/leads/1'],
    [{ leads: ['P-1D'] }, '/leads/0'],
    [{ at: '9:00' }, '/at'],
    [{ at: '24:00' }, '/at'],
    [{ timeZone: 'EST' }, '/timeZone'],
    [{ secret: 'mine' }, '/secret'],
  ])('with %j is refused at %s', (wrong, pointer) => {
    expect(faults(parseWatch, { ...watch, ...wrong })).toEqual([pointer]);
  });

  it('is changed field by field, and rested or resumed', () => {
    expect(parseWatchChange({})).toEqual({});
    expect(parseWatchChange({ state: 'paused', leads: [] })).toEqual({ state: 'paused', leads: [] });
    expect(faults(parseWatchChange, { state: 'disabled' })).toEqual(['/state']);
    expect(faults(parseWatchChange, { owner: 'me' })).toEqual(['/owner']);
  });
});

describe('the alerts of a watch', () => {
  it('are asked for after a number', () => {
    expect(parseAlertsQuery({ after: '0' })).toEqual({ after: 0 });
    expect(parseDeliveriesQuery({ after: '12', limit: '200' })).toEqual({ after: 12, limit: 200 });
    expect(parseDeliveriesQuery({})).toEqual({});
    for (const after of ['-1', 'x', '1.5', '']) expect(faults(parseAlertsQuery, { after })).toEqual(['after']);
    expect(faults(parseDeliveriesQuery, { limit: '201' })).toEqual(['limit']);
  });

  it('are sent again after a number', () => {
    expect(parseReplayBody({ after: 0 })).toEqual({ after: 0 });
    for (const after of [-1, '0', 1.5, null, undefined]) expect(faults(parseReplayBody, { after })).toEqual(['/after']);
  });
});
