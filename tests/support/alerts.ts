import type { Channel, WatchSettings } from '#libs/alerts';
import { Vault } from '#libs/vault';

export const vault = new Vault('the secret of the tests, long enough for anybody');

export const webhook: Channel = { kind: 'webhook', url: 'https://example.org/hooks/7f3a' };

/** A watch of everything on the standard ladder, at nine in New York. */
export function settings(more: Partial<WatchSettings> = {}): WatchSettings {
  return {
    name: 'A watch',
    filter: {},
    leads: ['P30D', 'P7D', 'P1D', 'P0D'],
    at: '09:00',
    timeZone: 'America/New_York',
    ...more,
  };
}
