import { afterEach, describe } from '@jest/globals';
import type { EventLog } from '#libs/event-log';
import type { LogUnderTest, MakeLog } from '../support/event-log.ts';
import { appendContract } from './event-log.append.contract.ts';
import { followContract } from './event-log.follow.contract.ts';
import { racesContract } from './event-log.races.contract.ts';
import { readContract } from './event-log.read.contract.ts';
import { restoreContract } from './event-log.restore.contract.ts';
import { valuesContract } from './event-log.values.contract.ts';

/** What the parts of the contract are given: a way to an empty log that is cleaned up after the test. */
export interface Contract {
  make(options?: Parameters<MakeLog>[0]): Promise<LogUnderTest>;
  log(): Promise<EventLog>;
}

/** What every adapter of the event log must do, through the port alone. `make` answers an empty log each time. */
export function eventLogContract(name: string, make: MakeLog): void {
  describe(`the event log, ${name}`, () => {
    const made: LogUnderTest[] = [];
    afterEach(async () => {
      for (const { cleanup } of made.splice(0)) await cleanup();
    });
    const contract: Contract = {
      async make(options) {
        const fresh = await make(options);
        made.push(fresh);
        return fresh;
      },
      async log() {
        return (await this.make()).log;
      },
    };
    appendContract(contract);
    valuesContract(contract);
    readContract(contract);
    followContract(contract);
    racesContract(contract);
    restoreContract(contract);
  });
}
