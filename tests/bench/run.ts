// `npm run bench`: every function exported by tests/bench/*.bench.ts, one after the other. Ratios compare two ways of
// doing a thing in one run on one machine, so they mean something on another machine too; times alone do not.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

/** What a bench found. Without a ratio it is a report: shown, never failed. */
export interface BenchResult {
  readonly name: string;
  /** What was measured, and against what in the same run. */
  readonly what: string;
  readonly against?: string;
  readonly ratio?: number;
  /** What the ratio should reach or stay below, in words (`≥ 0.85`), or a number: then `ok` says on which side. */
  readonly aim?: number | string;
  readonly ok?: boolean;
  readonly detail?: string;
}

/** What a file of benches exports: functions or lists of them; anything else is a helper and is left alone. */
type Bench = () => BenchResult | readonly BenchResult[] | Promise<BenchResult | readonly BenchResult[]>;

const root = join(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: { only: { type: 'string' }, json: { type: 'string' } },
  allowPositionals: false,
});
const wanted = values.only?.split(',').map((name) => name.trim());

const header = ['name', 'ratio', 'aim', 'result', 'what', 'against', 'detail'];

const benches: { readonly label: string; readonly file: string; readonly bench: Bench }[] = [];
for (const file of globSync('tests/bench/*.bench.ts', { cwd: root }).toSorted()) {
  const exported: Record<string, unknown> = await import(pathToFileURL(join(root, file)).href);
  for (const [name, value] of Object.entries(exported)) {
    for (const bench of [value].flat()) {
      if (!isBench(bench)) continue;
      benches.push({ label: key(bench.name && bench.name !== 'default' ? bench.name : name), file, bench });
    }
  }
}

// `append1` gives `append-1`. A function that gives several results may be asked for by one of them: then nothing says
// beforehand which function that is, and all are run.
const byLabel = wanted?.every((name) => benches.some(({ label }) => label === key(name))) ?? false;
const results: BenchResult[] = [];
const failures: string[] = [];
for (const { label, file, bench } of benches) {
  if (byLabel && !wanted?.some((name) => key(name) === label)) continue;
  process.stderr.write(`${file}: ${label} …\n`);
  try {
    const found = [await bench()].flat();
    results.push(...found.filter(({ name }) => byLabel || !wanted || wanted.includes(name)));
  } catch (error) {
    failures.push(`${file}: ${label}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
for (const name of byLabel ? [] : (wanted ?? [])) {
  if (!results.some((result) => result.name === name)) failures.push(`--only ${name}: no bench gives that result`);
}

const growth = worst('growth', results);
if (growth) results.push(growth);

process.stdout.write(`${plain(results)}\n`);
for (const failure of failures) process.stderr.write(`FAILED ${failure}\n`);
// A few of the benches are no picture of the machine: only a whole run is written down.
if (!wanted) writeFileSync(join(root, 'docs/benchmarks.md'), page(results));
if (values.json !== undefined) {
  const found = results.map(({ name, ratio = null, aim = null, ok = null }) => ({ name, ratio, aim, ok }));
  writeFileSync(values.json, `${JSON.stringify(found, null, 2)}\n`);
}
process.exitCode = failures.length > 0 || results.some(({ ok }) => ok === false) ? 1 : 0;

/** One row for several parts of a name, `growth-…`: as good as the worst of them. */
function worst(name: string, found: readonly BenchResult[]): BenchResult | undefined {
  const parts = found.filter((result) => result.name.startsWith(`${name}-`) && result.ratio !== undefined);
  const [part] = parts.toSorted((a, b) => (b.ratio ?? 0) - (a.ratio ?? 0));
  if (!part) return undefined;
  const what = `the worst of ${parts.map((result) => result.name).join(', ')}`;
  return { ...part, name, what, ok: parts.every(({ ok }) => ok !== false) };
}

function isBench(value: unknown): value is Bench {
  return typeof value === 'function';
}

function key(name: string): string {
  return name.replaceAll('-', '').toLowerCase();
}

function aimed({ ratio, aim, ok }: BenchResult): string {
  if (typeof aim === 'string') return aim;
  if (ratio === undefined || aim === undefined) return '–';
  return `${ratio >= aim === (ok ?? true) ? '≥' : '≤'} ${aim}`;
}

function cells(result: BenchResult): readonly string[] {
  const { name, what, against, ratio, ok, detail } = result;
  const verdict = ratio === undefined || ok === undefined ? 'report' : ok ? 'ok' : 'MISSED';
  return [name, ratio?.toFixed(2) ?? '–', aimed(result), verdict, what, against ?? '–', detail ?? ''];
}

/** The figures in columns, and under each what they mean. */
function plain(found: readonly BenchResult[]): string {
  const table = [header, ...found.map(cells)];
  const width = (column: number): number => Math.max(...table.map((row) => row[column]?.length ?? 0));
  const figures = (row: readonly string[]): string =>
    row
      .slice(0, 4)
      .map((cell, column) => cell.padEnd(width(column)))
      .join('  ')
      .trimEnd();
  return [figures(header), ...table.slice(1).flatMap((row) => [figures(row), ...meaning(row)])].join('\n');
}

/** Under the figures: what was compared, and the figures' own words. */
function meaning(row: readonly string[]): string[] {
  const compared = row[5] === '–' ? row[4] : `${row[4]}, against ${row[5]}`;
  return [compared, row[6]].flatMap((words) => (words ? [`    ${words}`] : []));
}

function line(row: readonly string[]): string {
  return `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function system(): string {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^PRETTY_NAME="(.*)"$/m.exec(release)?.[1] ?? platform();
}

function page(found: readonly BenchResult[]): string {
  const processors = cpus();
  return `<!-- Written by npm run bench; do not edit. -->
<!-- prettier-ignore-start -->

# Benchmarks

Measured on ${new Date().toISOString().slice(0, 10)}: ${processors[0]?.model.trim() || 'unknown CPU'}, ${processors.length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB RAM,
Node ${process.versions.node}, ${system()} (${arch()}).

A ratio compares two ways of doing a thing in the same run; it is what to look at on another machine. A row without a
ratio is a report. \`npm run bench -- --only status-cold\` runs one, \`--json <file>\` writes the figures.

${line(header)}
${line(header.map(() => '---'))}
${found.map((result) => line(cells(result))).join('\n')}

<!-- prettier-ignore-end -->
`;
}
