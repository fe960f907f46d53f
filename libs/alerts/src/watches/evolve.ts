import type { Watch } from '../watch.ts';
import { type LoggedWatchEvent, WATCH_STREAMS } from './watch-event.ts';

/** The header in which all of them sign must not grow without end. */
const MOST_OLD_SECRETS = 4;

/** The watch after one event more; undefined while nothing created it. */
export function evolveWatch(watch: Watch | undefined, event: LoggedWatchEvent): Watch | undefined {
  const { revision, recordedAt, position } = event;
  if (event.type === 'WatchCreated') {
    return {
      ...event.data,
      id: event.stream.slice(WATCH_STREAMS.length),
      rotation: 0,
      rotations: [],
      state: 'active',
      reason: null,
      createdAt: recordedAt,
      createdPosition: position,
      revision,
    };
  }
  if (!watch) return undefined;
  switch (event.type) {
    case 'WatchChanged':
      return { ...watch, ...event.data, revision };
    case 'WatchPaused':
      return { ...watch, state: 'paused', revision };
    case 'WatchResumed':
    case 'WatchEnabled':
      return { ...watch, state: 'active', reason: null, revision };
    case 'WatchDisabled':
      return { ...watch, state: 'disabled', reason: event.data.reason, revision };
    case 'WatchSecretRotated':
      return {
        ...watch,
        rotation: watch.rotation + 1,
        rotations: [...watch.rotations, recordedAt].slice(-MOST_OLD_SECRETS),
        revision,
      };
    case 'WatchRemoved':
      return { ...watch, state: 'removed', revision };
  }
}
