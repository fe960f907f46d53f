import { axes } from './axes.ts';
import { evidence } from './evidence.ts';
import { matters } from './matters.ts';
import { service } from './service.ts';
import { watches } from './watches.ts';
import type { Schema } from './words.ts';

/** What the calls answer. Fields may be added; these stay. */
export const answerSchemas: Readonly<Record<string, Schema>> = {
  ...service,
  ...matters,
  ...axes,
  ...watches,
  ...evidence,
};
