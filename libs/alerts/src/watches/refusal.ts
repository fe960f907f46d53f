/** `malformed-watch`: bad input; `unknown-watch`: there is none, or no more; `watch-disabled`: it has to be enabled first. */
export type WatchRule = 'malformed-watch' | 'unknown-watch' | 'watch-disabled';

/** Why a command about a watch is refused. Nothing was recorded. */
export class WatchRefusal extends Error {
  override readonly name = 'WatchRefusal';
  readonly rule: WatchRule;
  /** RFC 6901, into the watch as it was sent. */
  readonly pointer: string | undefined;

  constructor(rule: WatchRule, detail: string, pointer?: string) {
    super(detail);
    this.rule = rule;
    this.pointer = pointer;
  }
}
