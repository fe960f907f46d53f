import { isDeepStrictEqual } from 'node:util';
import type { PrivateValue } from '#libs/vault';
import type { Channel, Watch, WatchSettings } from '../watch.ts';
import { WatchRefusal } from './refusal.ts';
import { checkSettings } from './settings.ts';
import type { WatchEvent } from './watch-event.ts';

/** Where it is to be told, sealed. */
export interface SealedChannel {
  readonly kind: Channel['kind'];
  readonly address: PrivateValue;
}

/** What is to be different, at once or not at all. */
export interface WatchEdit {
  readonly settings: Partial<WatchSettings>;
  /** `active` also enables what was disabled. */
  readonly state?: 'active' | 'paused' | undefined;
}

export type WatchCommand =
  | {
      readonly kind: 'create';
      readonly owner: string;
      readonly settings: WatchSettings;
      readonly channel: SealedChannel;
    }
  | ({ readonly kind: 'change'; readonly channel?: SealedChannel } & WatchEdit)
  | { readonly kind: 'disable'; readonly reason: string }
  | { readonly kind: 'pause' | 'resume' | 'enable' | 'rotate-secret' | 'remove' };

/** Pure: what follows from a command. Done twice, it does nothing more. @throws WatchRefusal */
export function decideWatch(watch: Watch | undefined, command: WatchCommand): readonly WatchEvent[] {
  if (command.kind === 'create') {
    const { owner, settings, channel } = command;
    checkSettings(settings);
    const data = { ...settings, owner, channelKind: channel.kind, address: channel.address };
    return watch ? [] : [{ type: 'WatchCreated', data }];
  }
  if (!watch || watch.state === 'removed') throw new WatchRefusal('unknown-watch', 'There is no such watch.');
  switch (command.kind) {
    case 'change':
      return edited(watch, command);
    case 'pause':
      mustBeEnabled(watch);
      return watch.state === 'paused' ? [] : [{ type: 'WatchPaused', data: {} }];
    case 'resume':
      mustBeEnabled(watch);
      return watch.state === 'active' ? [] : [{ type: 'WatchResumed', data: {} }];
    case 'enable':
      return watch.state === 'disabled' ? [{ type: 'WatchEnabled', data: {} }] : [];
    case 'disable':
      return watch.state === 'disabled' ? [] : [{ type: 'WatchDisabled', data: { reason: command.reason } }];
    case 'rotate-secret':
      return [{ type: 'WatchSecretRotated', data: {} }];
    case 'remove':
      return [{ type: 'WatchRemoved', data: {} }];
  }
}

/** It rests before it is changed, and is changed before it goes on: nothing is told by settings that are not meant. */
function edited(
  watch: Watch,
  { settings, channel, state }: WatchEdit & { readonly channel?: SealedChannel },
): readonly WatchEvent[] {
  const change = changed(watch, settings, channel);
  if (state === undefined) return change;
  if (state === 'paused') return [...decideWatch(watch, { kind: 'pause' }), ...change];
  return [...change, ...decideWatch(watch, { kind: watch.state === 'disabled' ? 'enable' : 'resume' })];
}

function changed(
  watch: Watch,
  settings: Partial<WatchSettings>,
  channel: SealedChannel | undefined,
): readonly WatchEvent[] {
  checkSettings(settings);
  const fields = Object.entries(settings).filter(
    ([field, value]) => value !== undefined && !isDeepStrictEqual(value, Reflect.get(watch, field)),
  );
  const moved = channel && { channelKind: channel.kind, address: channel.address };
  return fields.length === 0 && !moved
    ? []
    : [{ type: 'WatchChanged', data: { ...Object.fromEntries(fields), ...moved } }];
}

function mustBeEnabled({ state, reason }: Watch): void {
  if (state !== 'disabled') return;
  throw new WatchRefusal(
    'watch-disabled',
    `The watch is disabled: ${(reason ?? '').replace(/\.$/, '')}. Enable it first.`,
  );
}
