import type { BundleFault } from './bundle.ts';
import type { Verified } from './verify.ts';

/** What a bundle that holds has shown, and what it cannot show, in plain sentences. */
export interface Findings {
  readonly answer: string;
  readonly proven: readonly string[];
  readonly notProven: readonly string[];
}

/** @param option how the program that is being run takes the key that somebody trusts */
export function findingsOf(verified: Verified, option = '--key'): Findings {
  const { bundle, checkpoint, key, pinned, handovers, otherSignatures, otherEditions } = verified;
  const { matter, events, answer, clocks } = bundle;
  const { size } = checkpoint;
  const last = events.at(-1)?.event;
  const whom = [answer.party, answer.enforcer].filter((each) => each !== null).join(', enforced by ');
  const published = clocks.publishedBy === null ? '' : `, published by ${clocks.publishedBy}`;
  const followed =
    handovers === 0 ? '' : `, which the one you named was handed over to (${handovers} signed hand-overs),`;
  const signer = pinned && handovers === 0 ? 'The key that you named' : `The key ${bundle.key}${followed}`;
  const editions = otherEditions.length === 0 ? 'the same editions' : `other editions (${otherEditions.join(', ')})`;
  return {
    answer: `${matter}${whom === '' ? '' : `, ${whom}`}, on ${clocks.at}: ${answer.headline.text}`,
    proven: [
      `${signer} signed a checkpoint of the log ${checkpoint.origin} with ${size} events.`,
      `All ${events.length} events of ${matter} are in that log as they stand here, each in its place, from the opening on.`,
      `None is left out: when the checkpoint was made, revision ${last?.revision ?? 0} of ${last?.recordedAt ?? ''} was the matter’s last.`,
      `The answer follows from these events, as known at ${clocks.knownAt}${published}; it was computed again, with ${editions} of rules and calendars.`,
    ],
    notProven: [
      ...(pinned
        ? []
        : [
            `That ${key.name} is whose log you think it is: the key came with the bundle. Name one you trust with ${option}.`,
          ]),
      'That what was recorded is true: check the sources that each entry names.',
      'That the recorder’s clock was right: recordedAt is its own word, and only the order is signed for.',
      'That nothing came after the checkpoint.',
      'That the signer lists every stream once: who has the log can look (inforce verify --log).',
      otherSignatures > 0
        ? `That others were shown the same log: ${otherSignatures} more signatures stand under the checkpoint, and were not looked at.`
        : 'That others were shown the same log: no witness has signed the checkpoint.',
      'Positions, and the editions that the exporter says it used.',
    ],
  };
}

/** The findings for a person to read. */
export function linesOf({ answer, proven, notProven }: Findings): readonly string[] {
  return [`verified: ${harmless(answer)}`, ...listed('Proven', proven), ...listed('Not proven', notProven)];
}

function listed(title: string, sentences: readonly string[]): readonly string[] {
  return ['', title, ...sentences.map((sentence) => `  - ${harmless(sentence)}`)];
}

/** What does not hold, with its place in the bundle. */
export function placed({ place, message }: BundleFault): string {
  return harmless(place === '' || message.includes(place) ? message : `${place}: ${message}`);
}

/** What a bundle says of itself must not move the cursor, nor turn the order of letters around: it could unsay what was found. */
function harmless(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '\ufffd');
}
