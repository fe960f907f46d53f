import { usage } from '../failures.ts';

export function alertNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw usage(`--after is the number of an alert, or 0, not “${text}”.`);
  return Number(text);
}
