import { aSqliteLog } from '../support/event-log-files.ts';
import { eventLogContract } from './event-log.contract.ts';

eventLogContract('in SQLite', aSqliteLog);
