import { Injectable } from '@nestjs/common';
import { KeyStore } from '#libs/access';
import type { Caller } from './caller.ts';

/** A stream outlives the moment at which its key was looked at: before each frame it is looked at again. */
@Injectable()
export class LiveCallers {
  constructor(private readonly keys: KeyStore) {}

  /** Whether somebody may still be told what they could ask for when the stream began; undefined: for ever. */
  watch({ kind, actor }: Caller): (() => boolean) | undefined {
    return kind === 'key' ? () => this.keys.isLive(actor.slice('key:'.length)) : undefined;
  }
}
