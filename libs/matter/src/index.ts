export * from './basis.ts';
export * from './effect.ts';
export * from './entry.ts';
export * from './events.ts';
export * from './answer.ts';
