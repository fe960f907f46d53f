import { aKurrentLog, realServer } from '../support/kurrent-log.ts';
import { eventLogContract } from './event-log.contract.ts';

eventLogContract(realServer === undefined ? 'in KurrentDB (stand-in)' : 'in KurrentDB (real server)', aKurrentLog);
