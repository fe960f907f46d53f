import { readFileSync } from 'node:fs';

/**
 * The most resident memory that this process has held so far, in KiB. Linux's `ru_maxrss` begins with what the process
 * that started it held (getrusage(2), execve(2)): a child of a large process would look large, whatever it does.
 */
export function peakMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(peak);
}
