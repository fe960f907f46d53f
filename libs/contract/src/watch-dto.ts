import { choices, ids, jurisdictions, leads } from './collection-rules.ts';
import { choice, clock, integer, mailAddress, text, timeZone, webUrl } from './rules.ts';
import { about, Dto, type Optional, optional, shape } from './shape.ts';
import { nested, one, oneOf } from './slot.ts';

/** The kinds of `#libs/alerts`, which this library must not know; a spec holds the two lists together. */
export const alertKindNames = [
  'status-changed',
  'deadline-set',
  'deadline-moved',
  'deadline-closed',
  'deadline-reminder',
  'pause-ending',
  'correction-issued',
] as const;
type AlertKindName = (typeof alertKindNames)[number];

export interface WatchFilterBody {
  readonly matters?: readonly string[];
  readonly parties?: readonly string[];
  readonly jurisdictions?: readonly string[];
  readonly kinds?: readonly AlertKindName[];
}

interface WebhookChannel {
  readonly kind: 'webhook';
  readonly url: string;
}

interface EmailChannel {
  readonly kind: 'email';
  readonly to: string;
}

/** A watch as it arrives. */
export interface WatchBody {
  readonly name: string;
  readonly filter?: WatchFilterBody;
  readonly leads?: readonly string[];
  readonly channel: WebhookChannel | EmailChannel;
  readonly timeZone?: string;
  readonly at?: string;
}

export type WatchChange = Partial<WatchBody> & { readonly state?: 'active' | 'paused' };

export interface ReplayBody {
  readonly after: number;
}

export class WatchDto extends Dto {}
export class WatchChangeDto extends Dto {}
export class WatchFilterDto extends Dto {}
export class WebhookDto extends Dto {}
export class EmailDto extends Dto {}
export class ReplayDto extends Dto {}

export const watchSlot = one(WatchDto);
export const watchChangeSlot = one(WatchChangeDto);
export const replaySlot = one(ReplayDto);

const MOST_SEQ = Number.MAX_SAFE_INTEGER;

shape<WatchFilterBody>(WatchFilterDto, 'What it listens to: lists are alternatives, and the lists together narrow.', {
  matters: optional(ids(1)),
  parties: about('A class includes its members.', optional(ids(1))),
  jurisdictions: optional(jurisdictions(1)),
  kinds: optional(choices(alertKindNames, 1)),
});

shape<WebhookChannel>(WebhookDto, 'Standard Webhooks, signed.', { kind: choice(['webhook']), url: webUrl() });
shape<EmailChannel>(EmailDto, 'Mail.', { kind: choice(['email']), to: mailAddress() });

const channel = nested(oneOf('Channel', 'kind', { webhook: WebhookDto, email: EmailDto }));
const name = about('In whose words it is told.', text(200));

const common: Record<'filter' | 'leads' | 'timeZone' | 'at', Optional> = {
  filter: about('Left out: everything.', optional(nested(one(WatchFilterDto)))),
  leads: about('How long before a due day reminders come. Default: P30D, P7D, P1D, P0D.', optional(leads())),
  timeZone: about('The watcher’s own, in which reminders come. Default: UTC.', optional(timeZone())),
  at: about('The hour at which reminders come. Default: 09:00.', optional(clock())),
};

shape<WatchBody>(WatchDto, 'A standing interest that raises alerts.', { name, ...common, channel });
shape<WatchChange>(WatchChangeDto, 'What is to be different; each field is replaced whole.', {
  name: optional(name),
  ...common,
  channel: optional(channel),
  state: about(
    'paused rests it; active resumes it, and enables one that was disabled.',
    optional(choice(['active', 'paused'])),
  ),
});

shape<ReplayBody>(ReplayDto, 'What to send again.', {
  after: about('The alerts after this number; 0: all.', integer(0, MOST_SEQ)),
});
